import { type Kysely, sql } from 'kysely';
import { DEMO } from '../../../bank/store/demo.ts';
import type { Schema as BankSchema } from '../../../bank/store/schema.ts';
import type { Schema as ServiceSchema } from '../../../server/store/schema.ts';

/** How the databases of a bank and its service get back to where tests begin. */

const EMPTIED = [
  'attempts',
  'logins',
  'sessions',
  'outbox',
  'submissions',
  'pending_voids',
  'entries',
  'transfers',
  'changes',
  'security_events',
  'proposals',
  'reviews',
  'unpairings',
  'staff_drafts',
  'token_imports',
  'papers',
  'staff_passkeys',
  'staff_challenges',
  'otp_procedures',
  'left_applications',
  'position_challenges',
  'customer_tokens',
] satisfies (keyof BankSchema)[];

const EMPTIED_AT_SERVICE = [
  'events',
  'idempotency',
  'pairings',
  'approvals',
  'challenges',
  'push_subscriptions',
  'devices',
  'refused_fills',
  'confirmations',
  'tokens',
] satisfies (keyof ServiceSchema)[];

/** In one statement, because there is one before each test. */
export const atOnce = (...statements: string[]) =>
  `do $$ begin ${statements.map((one) => `${one};`).join(' ')} end $$`;
const emptied = (tables: readonly string[]) => tables.map((table) => `delete from ${table}`);

/** What leads back to the first start, in statements. */
export const RESET_BANK = [
  ...emptied(EMPTIED),
  `update customers set user_id = null, email = null, lock_notified = null, applied_at = null, reissue_of = null, login_otp = false,
     daily_limit = null, next_limit = null, next_limit_from = null, token_ends_at = null, end_told = null, end_look_at = null`,
  `update accounts set balance = ${DEMO.balance} where position = 0`,
  `update accounts set balance = ${DEMO.savings} where position = 1`,
];
export const RESET_SERVICE = emptied(EMPTIED_AT_SERVICE);

/** What a customer has beside tokens. */
const OF_CUSTOMERS = ['customers', 'accounts'] satisfies (keyof BankSchema)[];

/** Keeps what there is. @returns what leads back to it, in statements */
export async function keepBank(db: Kysely<BankSchema>): Promise<string[]> {
  const kept = await keepRows(db, [...EMPTIED, ...OF_CUSTOMERS]);
  return [...emptied(EMPTIED), WHATEVER_REFERS, ...emptied(OF_CUSTOMERS), ...kept];
}

/** The same of the service. */
export async function keepService(db: Kysely<ServiceSchema>): Promise<string[]> {
  const kept = await keepRows(db, EMPTIED_AT_SERVICE);
  return [...RESET_SERVICE, WHATEVER_REFERS, ...kept];
}

/** For the rest of the statement no reference and no trigger counts. */
const WHATEVER_REFERS = 'set local session_replication_role = replica';

type AnyDatabase = Kysely<BankSchema> | Kysely<ServiceSchema>;

/** Of this file: those before it have used the database, and counted as well. */
let times = 0;

/** Keeps the rows of tables, beside those kept before. @returns what puts them back into tables that are empty */
async function keepRows(db: AnyDatabase, tables: readonly string[]): Promise<string[]> {
  times += 1;
  const kept = `kept_${times}`;
  const those = tables.map((table) => `select '${table}' as name where exists (select from ${table})`);
  const held = await sql.raw<{ name: string }>(those.join(' union all ')).execute(db);
  const copies = held.rows.map(({ name }) => `create table ${kept}.${name} as table ${name}`);
  await sql
    .raw(atOnce(`drop schema if exists ${kept} cascade`, `create schema ${kept}`, ...copies))
    .execute(db);
  return held.rows.map(({ name }) => `insert into ${name} overriding system value table ${kept}.${name}`);
}
