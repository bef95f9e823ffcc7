import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { warifu } from './command.ts';
import { useRunningService } from './running-service.ts';

/** `npm run warifu -- key …` beside a running service on PostgreSQL. */

const running = useRunningService();

const BY = ['--actor', 'ops01', '--reason', '年次の変更'];
const SENPOKU = ['--institution', 'senpoku', ...BY];
const key = (...args: string[]) => warifu(['key', ...args], running().env);

const unknownToken = { bank: '/v1/tokens/123456789012', staff: '/v1/staff/tokens/123456789012' };
/** 404 with a key that is let in, as the token is unknown; 401 with another. */
const statusWith = async (apiKey: string, kind: 'bank' | 'staff') => {
  const headers = { Authorization: `Bearer ${apiKey}` };
  return (await fetch(`http://127.0.0.1:${running().env.WARIFU_PORT}${unknownToken[kind]}`, { headers }))
    .status;
};

const audited = () =>
  running()
    .db.selectFrom('audit')
    .select(['institution', 'token_id', 'event', 'outcome', 'actor', 'reason'])
    .where('event', 'in', ['issue-key', 'revoke-key'])
    .orderBy('id')
    .execute();

test.each(['bank', 'staff'] as const)(
  'a key of a %s is in force at once, and until it is revoked',
  async (kind) => {
    const before = (await audited()).length;
    const issued = await key('issue', '--kind', kind, ...SENPOKU);
    const [, id = ''] = /^warifu: key ([0-9a-f]{16}) is in force\n$/.exec(issued.err) ?? [];
    expect(issued).toMatchObject({ code: 0, out: expect.stringMatching(/^[\w-]{43}\n$/) });
    const apiKey = issued.out.trim();
    expect(await statusWith(apiKey, kind)).toBe(404);
    const other = kind === 'bank' ? 'staff' : 'bank';
    expect(await statusWith(apiKey, other)).not.toBe(404);
    const listed = await key('list', '--institution', 'senpoku');
    expect(listed.out).toMatch(new RegExp(`^${id} {2}senpoku +${kind} +made .*Z {2}in force$`, 'm'));
    expect(listed.out).not.toContain(apiKey);

    const elsewhere = await key('revoke', id, '--institution', 'akita', ...BY);
    expect(elsewhere).toMatchObject({ code: 1, out: `akita has no key ${id} in force; see key list\n` });
    expect(await key('revoke', id, ...SENPOKU)).toMatchObject({ code: 0, out: `${id} revoked\n` });
    expect(await statusWith(apiKey, kind)).toBe(401);
    expect((await key('revoke', id, ...SENPOKU)).code).toBe(1);
    expect((await key('list')).out).toMatch(new RegExp(`^${id} .*revoked \\d{4}-`, 'm'));
    const of = {
      institution: 'senpoku',
      token_id: `${kind} key ${id}`,
      outcome: 'done',
      actor: 'ops01',
      reason: '年次の変更',
    };
    expect((await audited()).slice(before)).toEqual([
      { ...of, event: 'issue-key' },
      { ...of, event: 'revoke-key' },
    ]);
  },
);

test('into a file of this user alone, never over another, and none is left in force that nobody has', async () => {
  const out = join(running().env.WARIFU_DATA, 'new.key');
  expect(await key('issue', '--kind', 'bank', ...SENPOKU, '--out', out)).toMatchObject({ code: 0, out: '' });
  expect(statSync(out).mode & 0o777).toBe(0o600);
  expect(await statusWith(readFileSync(out, 'utf8').trim(), 'bank')).toBe(404);
  const before = (await key('list')).out;
  expect(await key('issue', '--kind', 'bank', ...SENPOKU, '--out', out)).toMatchObject({
    code: 2,
    err: expect.stringMatching(/EEXIST/),
  });
  expect((await key('list')).out).toBe(before);
});

test('a revoked key stays so when the service starts again with its file', async () => {
  const first = readFileSync(join(running().env.WARIFU_DATA, 'api-keys', 'akita'), 'utf8').trim();
  const [, id = ''] = /^(\S+) +akita +bank/m.exec((await key('list')).out) ?? [];
  await key('revoke', id, '--institution', 'akita', ...BY);
  await running().restart();
  expect(await statusWith(first, 'bank')).toBe(401);
});

test.each([
  ['of no institution', ['--institution', 'nowhere', ...BY], /no institution nowhere is in the directory/],
  ['of no kind', ['--institution', 'senpoku', ...BY, '--kind', 'x'], /Allowed choices are bank, staff/],
  ['without a reason', ['--institution', 'senpoku', '--actor', 'ops01'], /required option '--reason/],
  [
    'with two lines of reason',
    ['--institution', 'senpoku', '--actor', 'a', '--reason', 'a\nb'],
    /one line of text/,
  ],
])('a key %s is not made', async (_what, args, said) => {
  const { code, err, out } = await key('issue', '--kind', 'bank', ...args);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(said);
});
