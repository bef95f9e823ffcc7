import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type BuildPlaces, isBuilt, markBuilt, markUnbuilt } from '../../build-stamp.ts';
import { SENPOKU } from '../institutions.ts';

let places: BuildPlaces;

function write(folder: string, file: string, text: string): void {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const newFolder = () => mkdtempSync(join(tmpdir(), 'warifu-stamp-'));

beforeEach(async () => {
  vi.stubEnv('WARIFU_DATA', newFolder());
  vi.stubEnv('WARIFU_DIRECTORY', '');
  places = { root: newFolder(), output: newFolder() };
  write(places.root, 'core/otp/code.ts', 'one');
  write(places.root, 'package-lock.json', '{}');
  write(places.output, 'chrome-mv3/manifest.json', '{}');
  write(places.output, 'web/index.html', '<!DOCTYPE html>');
  await markBuilt(places);
});

afterEach(() => vi.unstubAllEnvs());

describe('what is built', () => {
  test('is not built again where nothing has changed', async () => {
    expect(await isBuilt(places)).toBe(true);
    write(places.root, 'bank/app.ts', 'no part of the extension');
    write(places.output, 'chrome-mv3-dev/manifest.json', '{}');
    expect(await isBuilt(places)).toBe(true);
  });

  test.each<[string, () => void]>([
    ['a source is another', () => write(places.root, 'core/otp/code.ts', 'two')],
    ['a source is new', () => write(places.root, 'components/new.tsx', '')],
    ['a source has gone', () => rmSync(join(places.root, 'core/otp/code.ts'))],
    ['a library is another', () => write(places.root, 'package-lock.json', '{"lockfileVersion":3}')],
    ['what was built is another', () => write(places.output, 'chrome-mv3/manifest.json', '{"a":1}')],
    ['what was built has gone', () => rmSync(join(places.output, 'web/index.html'))],
    ['nothing says that it was built', () => markUnbuilt(places)],
    ['the key is another', () => vi.stubEnv('WARIFU_DATA', newFolder())],
    ['the ports are others', () => vi.stubEnv('WARIFU_PORT', '4700')],
    [
      'the directory is another',
      () => {
        write(places.root, 'my.json', JSON.stringify({ institutions: [SENPOKU] }));
        vi.stubEnv('WARIFU_DIRECTORY', join(places.root, 'my.json'));
      },
    ],
  ])('is built again where %s', async (_, change) => {
    change();
    expect(await isBuilt(places)).toBe(false);
  });
});
