import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { progressOn } from '../../../command/progress.ts';
import { readSecret } from '../../../command/token-secret.ts';

const folder = mkdtempSync(join(tmpdir(), 'warifu-secret-'));
function written(content: string): string {
  const file = join(folder, String(content.length));
  writeFileSync(file, content);
  return file;
}

test('a password is the first line of its file, a key its hexadecimal digits', () => {
  expect(readSecret({})).toEqual({});
  expect(readSecret({ passwordFile: written('合言葉 1\r\nnot this\n') })).toEqual({ password: '合言葉 1' });
  expect(readSecret({ keyFile: written('0102 0304 0506 0708\n090a 0b0c 0d0e 0f10\n') })).toEqual({
    key: new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]),
  });
});

test.each([
  ['an empty password', () => ({ passwordFile: written('\nqwerty') }), /there is no password/],
  ['a file that is not there', () => ({ passwordFile: join(folder, 'none') }), /cannot read .*none/],
  ['a key that is none', () => ({ keyFile: written('qwerty') }), /has no key of 16, 24 or 32 bytes/],
  ['a key of another length', () => ({ keyFile: written('0102') }), /has no key of 16, 24 or 32 bytes/],
  [
    'a longer one than is read',
    () => ({ passwordFile: written('合'.repeat(1_366)) }),
    /has more than 4096 bytes/,
  ],
  ['both', () => ({ keyFile: 'a', passwordFile: 'b' }), /not both/],
])('%s is refused', (_what, options, said) => {
  expect(() => readSecret(options())).toThrow(said);
});

function screen(isTTY: boolean) {
  const drawn: string[] = [];
  const stream = { isTTY, write: (text: string) => drawn.push(text) > 0 } as unknown as NodeJS.WriteStream;
  return { drawn, progress: progressOn(stream, 'importing') };
}

test('the bar is drawn now and then, whole at the end, and taken away; nowhere but on a terminal', () => {
  const { drawn, progress } = screen(true);
  for (const done of [1, 2, 3, 1_000]) progress.at(done, 1_000);
  progress.end();
  expect(drawn).toEqual([
    `\rimporting ${'░'.repeat(30)}   0%`,
    `\rimporting ${'█'.repeat(30)} 100%`,
    '\r\u001b[K',
  ]);
  const file = screen(false);
  file.progress.at(1, 2);
  file.progress.end();
  expect(file.drawn).toEqual([]);
});
