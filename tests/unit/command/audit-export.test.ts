import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { momentOf, writeEntries } from '../../../command/audit-export.ts';
import { append, newAudit } from '../../service/audit-entries.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { createTestService } from '../../service/test-service.ts';

test('a day in Japan begins and ends there, a time is what it says', () => {
  expect(momentOf('2024-02-29', 'begin')).toEqual(new Date('2024-02-28T15:00:00Z'));
  expect(momentOf('2024-02-29', 'end')).toEqual(new Date('2024-02-29T15:00:00Z'));
  expect(momentOf('2024-02-29T09:00+09:00', 'end')).toEqual(new Date('2024-02-29T00:00:00Z'));
});

test.each([
  '2021-02-30',
  '2021-02-29',
  '2021-02-30T09:00:00+09:00',
  '2021-04-01T09:00:00',
  '2021-04-01T25:00Z',
])('%s is refused, and taken for no other day', (text) => {
  expect(() => momentOf(text, 'begin')).toThrow(`${text} is neither a day such as 2026-04-01`);
});

test('an entry of the service has the ユーザID that its token has now, which commands on tokens ask for', async () => {
  const database = await openServiceMemory();
  const { db } = database;
  const { userId } = await (await createTestService(database)).active();
  await append(db, 'audit', 'senpoku', 1);
  const out = new PassThrough();
  const opened = { db, audit: newAudit('audit'), part: 'service' } as const;
  const wanted = { institution: 'senpoku', having: {} };
  const [csv] = await Promise.all([text(out), writeEntries(opened, wanted, { to: out })]);
  await database.close();
  const lines = csv.trim().split('\r\n');
  expect(lines[0]).toMatch(/,user_id$/);
  expect(lines[1]).toMatch(new RegExp(`,issue,.*,${userId}$`));
  expect(lines.at(-1)).toMatch(/,token,.*,$/);
});
