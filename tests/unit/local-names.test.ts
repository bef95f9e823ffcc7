import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadDirectory } from '../../host/directory.ts';
import { hostsLine, localNames, unknownNames } from '../../local-names.ts';

const directory = loadDirectory(undefined, 4600);

describe('the names of this machine', () => {
  test('are the start page’s, each institution’s, the token service’s, the staff console’s and the inbox’s, once each', () => {
    const names = localNames(directory);
    expect(new Set(names).size).toBe(names.length);
    for (const name of [
      'banks.localhost',
      'token.localhost',
      'staff.localhost',
      'inbox.localhost',
      'senpoku.localhost',
      'ehime.localhost',
    ]) {
      expect(names).toContain(name);
    }
  });

  test('names of a deployment’s own are left to its resolver', () => {
    const institutions = directory.institutions.map((one) => ({
      ...one,
      serviceOrigin: 'https://token.example.jp',
      pageOrigins: ['https://ib.example.jp'],
    }));
    expect(localNames({ institutions })).toEqual(['banks.localhost', 'staff.localhost', 'inbox.localhost']);
  });

  test('those that do not resolve go into one line of the hosts file', async () => {
    const lookup = async (name: string) => {
      if (name !== 'token.localhost') throw new Error('ENOTFOUND');
    };
    const unknown = await unknownNames(['token.localhost', 'senpoku.localhost', 'inbox.localhost'], lookup);
    expect(hostsLine(unknown)).toBe('127.0.0.1 senpoku.localhost inbox.localhost');
  });

  test('the README has the line for all of them', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(hostsLine(localNames(directory)));
  });
});
