import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FAMILIES } from '../../../core/family/families.ts';

/** What docs/PROTOCOL.md says of approvals. */

const page = readFileSync(join(import.meta.dirname, '../../../docs/PROTOCOL.md'), 'utf8');

test('the screens that a code is asked for are those of the families, with what they ask for', () => {
  const listed = [...page.matchAll(/^\| `([A-Z]{3}\d{3})` \| `(\w+)` \| (.+) \| (.+) \|$/gm)].map(
    ([, ...cells]) => cells,
  );
  const screens = Object.entries(FAMILIES).flatMap(([family, { screens: all }]) =>
    Object.values(all).flatMap(({ id, heading, asks }) => {
      if (asks === undefined) return [];
      const what =
        asks.code === 'password' ? 'a one-time password' : `the confirmation code of \`${asks.of}\``;
      return [[id, family, heading, what]];
    }),
  );
  expect(listed).toEqual(screens);
});
