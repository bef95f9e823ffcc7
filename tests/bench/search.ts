import { sql } from 'kysely';
import { Client } from 'pg';
import { FOUND_MOST } from '../../bank/staff/search.ts';
import { findCustomersByName } from '../../bank/store/customer-search.ts';
import { findCustomerByLogin } from '../../bank/store/customers.ts';
import { openPostgres as openBank } from '../../bank/store/database.ts';
import { auditedActs } from '../../bank/store/staff-audit.ts';
import { auditEntries } from '../../server/store/audit-entries.ts';
import { countEntries, sumHours } from '../../server/store/counts.ts';
import { openPostgres as openService } from '../../server/store/database.ts';
import { startPostgres } from '../service/postgres.ts';
import { type Bench, type Figure, type Group, interleave, median } from './measure.ts';

const ROWS = 1_000_000;
const TOKENS = 20_000;
const ROUNDS = 15;
const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
const PAGE = 51;

/** What staff look for among a million customers, a million entries of tokens and a million acts, on PostgreSQL. */
export const search: Group = {
  name: 'search',
  run: async (bench) => {
    const postgres = await startPostgres();
    bench.defer(() => postgres.stop());
    return [
      ...(await serviceFigures(await postgres.createDatabase('service'), bench)),
      ...(await bankFigures(await postgres.createDatabase('bank'), bench)),
    ];
  },
};

/** The median time of each, taken in turn, against what it may take. */
async function timed(
  looks: Readonly<Record<string, () => Promise<unknown>>>,
  atMostMs: number,
): Promise<Figure[]> {
  const durations = Object.entries(looks).map(([name, look]) => [name, () => durationOf(look)]);
  const taken: Record<string, number[]> = await interleave(ROUNDS, Object.fromEntries(durations));
  return Object.entries(taken).map(([name, values]) => ({
    name,
    value: median(values),
    unit: 'ms',
    against: { name: 'at most', value: atMostMs },
    target: { atMost: 1 },
  }));
}

async function durationOf(look: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await look();
  return performance.now() - started;
}

/** Fills a database; this takes longer than our statements may. */
async function fill(url: string, statements: readonly string[]): Promise<void> {
  const client = new Client(url);
  await client.connect();
  for (const statement of [...statements, 'vacuum analyze']) await client.query(statement);
  await client.end();
}

async function serviceFigures(url: string, bench: Bench): Promise<Figure[]> {
  bench.progress(`search: ${ROWS} entries of tokens`);
  const { db, close } = await openService(url);
  bench.defer(close);
  // Mostly codes that are right, as at a bank; one in a thousand an act of staff.
  await fill(url, [
    `
    insert into tokens (id, institution, user_id, status, kind, algorithm, digits, period, confirmation_mode, issued_at, enrol_by)
    select 'token ' || i, 'senpoku', (100000000000 + i)::text, 'active', 'software', 'SHA-256', 8, 60, 'approve', now(), now()
    from generate_series(0, ${TOKENS - 1}::integer) i`,
    `
    insert into audit (at, institution, token_id, event, outcome, request_id, actor, reason)
    select date_trunc('milliseconds', now() - (i / ${ROWS}::float8) * interval '90 days'), 'senpoku',
      'token ' || (i * 7919::bigint % ${TOKENS}),
      case when i % 1000 = 0 then 'suspend' when i % 10 < 7 then 'verify' when i % 10 < 9 then 'decide' else 'confirm' end,
      case when i % 1000 = 0 then 'done' when i % 10 < 7 then case when i % 100 = 1 then 'wrong' else 'done' end
        when i % 10 < 9 then case when i % 50 = 8 then 'rejected' else 'confirmed' end else 'done' end,
      'bench', case when i % 1000 = 0 then 'staff' || i / 1000 % 40 end, case when i % 1000 = 0 then 'bench' end
    from generate_series(0, ${ROWS - 1}::integer) i`,
  ]);
  const of = { institution: 'senpoku' };
  const ago = (days: number) => new Date(Date.now() - days * DAY_MS);
  const old = { at: ago(60), id: '1' };
  const found = await timed(
    {
      'entries, the newest': () => auditEntries(db, of, PAGE),
      'entries, a page of 60 days ago': () => auditEntries(db, { ...of, after: old }, PAGE),
      'entries of one event': () => auditEntries(db, { ...of, event: 'verify' }, PAGE),
      'entries of a rare outcome': () => auditEntries(db, { ...of, outcomes: ['rejected'] }, PAGE),
      'entries of what there is not': () =>
        auditEntries(db, { ...of, event: 'void', outcomes: ['wrong'] }, PAGE),
      'entries by a member of staff': () => auditEntries(db, { ...of, actor: 'staff7' }, PAGE),
      'entries of a day': () => auditEntries(db, { ...of, from: ago(46), to: ago(45) }, PAGE),
      'entries of a token': () => auditEntries(db, { ...of, userIds: ['100000000777'] }, PAGE),
    },
    50,
  );
  const range = { ...of, from: ago(89), to: new Date() };
  const unsummed = await timed(
    { 'counts of 90 days, no hour summed': () => countEntries(db, range, 'day') },
    2_000,
  );
  await sumHours(db, 'senpoku', new Date());
  const summed = await timed({ 'counts of 90 days': () => countEntries(db, range, 'day') }, 50);
  return [...found, ...unsummed, ...summed];
}

async function bankFigures(url: string, bench: Bench): Promise<Figure[]> {
  bench.progress(`search: ${ROWS} customers and ${ROWS} acts`);
  const { db, close } = await openBank(url);
  bench.defer(close);
  await fill(url, [
    'drop index customers_name',
    `
    insert into customers (id, institution, login_id, name, password_hash, confirmation_hash)
    select 'customer ' || i, 'senpoku', 'login' || i,
      substr('佐藤鈴木高橋田中伊藤渡辺山本中村小林加藤', 1 + 2 * (i % 10), 2) || ' ' ||
      chr((19968 + i * 7919::bigint % 20000)::integer) || chr(19968 + i / 7 % 20000), 'x', 'x'
    from generate_series(0, ${ROWS - 1}::integer) i`,
    `
    insert into staff_acts (key, at, institution, staff_id, customer_id, user_id, act, reason, outcome)
    select 'act ' || i, date_trunc('milliseconds', now() - (i / ${ROWS}::float8) * interval '900 days'), 'senpoku',
      'staff' || i % 40, 'customer ' || i * 7919::bigint % ${ROWS}, (100000000000 + i)::text,
      (array['unlock', 'suspend', 'resume', 'release'])[1 + i % 4], 'bench',
      (array['proposed', 'approved', 'done', 'declined'])[1 + i / 4 % 4]
    from generate_series(0, ${ROWS - 1}::integer) i`,
    'create index customers_name on customers using gin (name_pieces(institution, name))',
  ]);
  const of = { institution: 'senpoku' };
  const name = await sql<{ name: string }>`select name from customers where id = 'customer 654321'`.execute(
    db,
  );
  const [, given = ''] = name.rows[0]?.name.split(' ') ?? [];
  return timed(
    {
      'customers by login ID': () => findCustomerByLogin(db, 'senpoku', 'login654321'),
      'customers by a rare part of the name': () => findCustomersByName(db, 'senpoku', given, FOUND_MOST + 1),
      'customers by a common name': () => findCustomersByName(db, 'senpoku', '佐藤', FOUND_MOST + 1),
      'acts, the newest': () => auditedActs(db, of, PAGE),
      'acts of one kind and outcome': () =>
        auditedActs(db, { ...of, act: 'release', outcome: 'declined' }, PAGE),
      'acts of what there is not': () => auditedActs(db, { ...of, act: 'export' }, PAGE),
      'acts by a member of staff': () => auditedActs(db, { ...of, staffId: 'staff7', outcome: 'done' }, PAGE),
      'acts on a customer': () => auditedActs(db, { ...of, customerId: 'customer 654321' }, PAGE),
      'acts on a token': () => auditedActs(db, { ...of, userId: '100000654321' }, PAGE),
    },
    50,
  );
}
