import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { warifu } from './command.ts';
import { useRunningService } from './running-service.ts';

/** `npm run warifu -- …` for an institution that is mistyped, and for one that the directory has no longer. */

const running = useRunningService();

const folder = mkdtempSync(join(tmpdir(), 'warifu-institution-'));
const BY = ['--actor', 'ops01', '--reason', '年次の変更'];

/** Each with a file that it would write. */
const COMMANDS: readonly (readonly [string, (out: string) => readonly string[]])[] = [
  ['tokens export', (out) => ['tokens', 'export', ...BY, '--clear', '--out', out]],
  ['audit export', (out) => ['audit', 'export', '--out', out]],
  [
    'audit drop',
    (out) => ['audit', 'drop', ...BY, '--part', 'service', '--before', '2026-01-01', '--out', out],
  ],
  ['key list', () => ['key', 'list']],
];

test.each(COMMANDS)(
  '%s takes no institution that nobody knows for one that has nothing',
  async (what, args) => {
    const out = join(folder, what);
    expect(await warifu([...args(out), '--institution', 'senpok'], running().env)).toEqual({
      code: 2,
      out: '',
      err: 'warifu: no institution senpok is in the directory or in its audit\n',
    });
    expect(existsSync(out)).toBe(false);
    const entries = running().db.selectFrom('audit').select('id').where('institution', '=', 'senpok');
    expect(await entries.execute()).toEqual([]);
  },
);

test.each(COMMANDS)('%s is also for one that has left the directory', async (what, args) => {
  await sql`
    insert into audit (at, institution, token_id, event, outcome, request_id)
    values (now(), 'closed', 'a', 'issue', 'done', 'r')`.execute(running().db);
  const out = join(folder, `${what} of closed`);
  expect(await warifu([...args(out), '--institution', 'closed'], running().env)).toMatchObject({ code: 0 });
});
