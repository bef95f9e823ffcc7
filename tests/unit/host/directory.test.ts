import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineOf, loadDirectory } from '../../../host/directory.ts';

const file = join(mkdtempSync(join(tmpdir(), 'warifu-directory-')), 'directory.json');
const { institutions } = loadDirectory(undefined, 4600);

/** Writes a directory as people do, and says which line has some text. */
function write(changes: object): (part: string) => number {
  const text = JSON.stringify(
    { institutions: [institutions[0], { ...institutions[0], ...changes }] },
    null,
    2,
  );
  writeFileSync(file, text);
  return (part) => text.split('\n').findLastIndex((line) => line.includes(part)) + 1;
}

describe('a directory that is wrong', () => {
  test.each([
    ['a lock after no failure', { policy: { wrongCodesToLock: 0 } }, '"wrongCodesToLock"'],
    ['a window of 50 steps', { policy: { idleMinutes: 3, windowSteps: 50 } }, '"windowSteps"'],
    ['a policy there is not', { policy: { windowStep: 1 } }, '"windowStep"'],
    ['a token there is not', { tokenKind: 'card' }, '"tokenKind"'],
  ])('is refused with its line: %s', (_what, changes, part) => {
    const lineWith = write(changes);
    expect(() => loadDirectory(file, 4600)).toThrow(`${file}:${lineWith(part)}: institutions.1.`);
  });

  test('is refused by its name where it is no JSON at all', () => {
    writeFileSync(file, '{ "institutions": [ }');
    expect(() => loadDirectory(file, 4600)).toThrow(file);
  });
});

describe('the line of a value', () => {
  test('is found in whatever JSON there is', () => {
    const keys = fc.oneof(fc.string(), fc.constantFrom('{', '"', '\\', ',', 'a:b', '__proto__'));
    const nested = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue({ maxDepth: 0 }),
        fc.array(tie('value')),
        fc.dictionary(keys, tie('value'), { noNullPrototype: true }),
      ),
    })).value;
    fc.assert(
      fc.property(nested, nested, keys, (before, after, key) => {
        fc.pre(key !== '__proto__');
        const text = JSON.stringify([before, { x: after, [key]: { needle: 1, after } }], null, 1);
        const line = text.split('\n').findIndex((one) => one.includes('"needle": 1')) + 1;
        fc.pre(text.split('"needle": 1').length === 2);
        expect(lineOf(text, [1, key, 'needle'])).toBe(line);
      }),
    );
  });

  test('is that of what is around it, where it is not there', () => {
    expect(lineOf('{\n"a": [\n1,\n{\n"b": 2}]}', ['a', 1, 'c'])).toBe(4);
    expect(lineOf('{\n"a": 1}', ['b'])).toBe(1);
  });
});
