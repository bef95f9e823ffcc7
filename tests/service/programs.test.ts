import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PROGRAMS, programsFolder } from '../../programs.ts';

const ROOT = join(import.meta.dirname, '../..');
let root: string;

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

const said = () =>
  execFileSync(process.execPath, [join(programsFolder(root), 'server/main.js')], { encoding: 'utf8' });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'warifu-programs-'));
  for (const file of ['programs.ts', 'bundle-programs.ts', 'node-build.ts'])
    cpSync(join(ROOT, file), join(root, file));
  for (const program of PROGRAMS) write(`${program}.ts`, '');
  for (const file of ['core/word.ts', 'host/word.ts']) write(file, "export const word: string = 'one';");
  write('package.json', '{ "type": "module" }');
  write('package-lock.json', '{}');
  write('server/beside.txt', 'beside');
  write(
    'server/main.ts',
    `import { readFileSync } from 'node:fs';
     import { word } from '../core/word.ts';
     const url = new URL('beside.txt', import.meta.url);
     process.stdout.write([word, readFileSync(url), readFileSync(import.meta.dirname + '/beside.txt')].join());`,
  );
  mkdirSync(join(root, 'node_modules'));
  symlinkSync(join(ROOT, 'node_modules/vite'), join(root, 'node_modules/vite'));
});

afterEach(() => rmSync(root, { recursive: true }));

test('what starts is of the present sources, and reads beside them', () => {
  const first = programsFolder(root);
  expect(said()).toBe('one,beside,beside');
  expect(programsFolder(root)).toBe(first);

  write('core/word.ts', "export const word: string = 'two';");
  expect(said()).toBe('two,beside,beside');

  write('core/word.ts', "export const word: string = 'one';");
  expect(programsFolder(root)).toBe(first);
});
