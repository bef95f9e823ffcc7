import { describe, expect, test } from 'vitest';
import { broken, releaseOf, TODAY } from '../../service/release/tables.ts';

/** Nodes of the last release go on with today's tables while they are upgraded. */

describe.each(Object.entries(TODAY))('the last release of the %s', (part, read) => {
  test('works with the tables of today', async () => {
    expect(broken(releaseOf(part), await read())).toEqual([]);
  });
});

describe('a change is found that takes away or asks for what the last release does not know of', () => {
  const text = { type: 'text', mayBeLeftOut: false };
  const optional = { type: 'text', mayBeLeftOut: true };
  const release = { tokens: { id: text, note: optional } };

  test.each([
    ['a table that is gone', {}, 'tokens is gone'],
    ['a column that is gone', { tokens: { id: text } }, 'tokens.note is gone'],
    ['another type', { tokens: { id: { ...text, type: 'uuid' }, note: optional } }, 'tokens.id was text'],
    [
      'a column that must be given now',
      { tokens: { id: text, note: text } },
      'tokens.note could be left out',
    ],
    [
      'a new column that must be given',
      { tokens: { id: text, note: optional, more: text } },
      'tokens.more is new and cannot be left out',
    ],
  ])('%s', (_, today, said) => {
    expect(broken(release, today)).toEqual([said]);
  });

  test('and none where it only grows', () => {
    const today = { tokens: { id: text, note: optional, more: optional }, others: { id: text } };
    expect(broken(release, today)).toEqual([]);
  });
});
