import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ATTACKS } from './attacks.ts';
import { COVERED } from './covered.ts';

test.each(COVERED)('$attack: tried by $file', ({ file, name }) => {
  expect(readFileSync(file, 'utf8')).toContain(name);
});

test('no attack is listed twice', () => {
  const names = [...ATTACKS.map(({ name }) => name), ...COVERED.map(({ attack }) => attack)];
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});
