import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openServiceMemory } from '../../service/memory.ts';

test('pages of tokens keep room, so that spending a step writes no index', async () => {
  const { db, close } = await openServiceMemory();
  const { rows } = await sql<{ options: string[] }>`
    select reloptions as options from pg_class where oid = 'tokens'::regclass`.execute(db);
  expect(rows).toEqual([{ options: ['fillfactor=90'] }]);
  await close();
});
