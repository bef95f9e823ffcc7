import { setTimeout } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { open, type RandomBytes, seal } from '../core/vault/seal.ts';
import { KEY_CHECK_CONTEXT, opensKeyCheck } from '../host/key-check.ts';
import { AUDIT_KEY_CONTEXT, auditKey } from './audit.ts';
import { sealedFor } from './push/channel.ts';

/** Rows of one statement: few enough that nobody waits long for one of them. */
const BATCH = 200;
/** Before rows that a request holds are tried again. */
const HELD_PAUSE_MS = 50;

/** The keys of a rotation. */
export interface Rotation {
  readonly to: CryptoKey;
  readonly from: CryptoKey;
  readonly randomBytes: RandomBytes;
}

export interface Rotated {
  /** Values that were sealed again. */
  readonly sealed: number;
  /** Rows, by id, of which a value opens by neither key. */
  readonly lost: readonly string[];
}

/** A column of sealed values, one in a row. */
interface Column {
  readonly table: string;
  readonly id: string;
  readonly column: string;
  readonly context: (id: string) => string;
}

const itself = (id: string) => id;

const COLUMNS: readonly Column[] = [
  { table: 'tokens', id: 'id', column: 'secret', context: itself },
  { table: 'tokens', id: 'id', column: 'activation_password', context: itself },
  { table: 'push_subscriptions', id: 'device_id', column: 'sealed', context: sealedFor },
];

/**
 * Hands the database over to another master key: from then on a node that seals under the one before neither starts nor is
 * ready. The key of the audit's chains stays what it was. Done already, it does nothing.
 * @throws Error if neither key is the database's
 */
export async function handOver<Schema>(
  db: Kysely<Schema>,
  { to, from, randomBytes }: Rotation,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`select from key_checks for update`.execute(trx);
    if (await opensKeyCheck(trx, to)) return;
    if (!(await opensKeyCheck(trx, from))) throw new Error('neither key is the one of this database');
    const audit = await seal(to, await auditKey(trx, from), AUDIT_KEY_CONTEXT, randomBytes);
    const check = await seal(to, randomBytes(16), KEY_CHECK_CONTEXT, randomBytes);
    await sql`update key_checks set sealed = ${Buffer.from(check)}, audit_key = ${Buffer.from(audit)}`.execute(
      trx,
    );
  });
}

/**
 * Seals every secret under the key handed over to, in batches while nodes serve. Broken off, it goes on by itself the next
 * time: what is sealed under that key is left.
 */
export async function sealAgain<Schema>(
  db: Kysely<Schema>,
  rotation: Rotation,
  onBatch: (sealed: number) => void = () => {},
): Promise<Rotated> {
  let sealed = 0;
  const lost = new Set<string>();
  for (const column of COLUMNS) {
    for (let after: string | undefined = ''; after !== undefined; ) {
      const read: Value[] = await readBatch(db, column, after);
      const changes = await resealed(read, column, rotation, lost);
      sealed += await writeBatch(db, column, changes);
      onBatch(sealed);
      after = read.length < BATCH ? undefined : read.at(-1)?.id;
    }
  }
  return { sealed, lost: [...lost] };
}

interface Value {
  readonly id: string;
  readonly sealed: Uint8Array<ArrayBuffer>;
}

interface Change {
  readonly id: string;
  readonly before: string;
  readonly after: string;
}

async function readBatch<Schema>(
  db: Kysely<Schema>,
  { table, id, column }: Column,
  after: string,
): Promise<Value[]> {
  const { rows } = await sql<Value>`
    select ${sql.ref(id)} as id, ${sql.ref(column)} as sealed from ${sql.table(table)}
    where ${sql.ref(id)} > ${after} and ${sql.ref(column)} is not null
    order by ${sql.ref(id)} limit ${sql.lit(BATCH)}`.execute(db);
  return rows;
}

async function resealed(
  values: readonly Value[],
  { context }: Column,
  { to, from, randomBytes }: Rotation,
  lost: Set<string>,
): Promise<Change[]> {
  const changes: Change[] = [];
  for (const { id, sealed } of values) {
    const bytes = new Uint8Array(sealed);
    if ((await opened(to, bytes, context(id))) !== undefined) continue;
    const plain = await opened(from, bytes, context(id));
    if (plain === undefined) lost.add(id);
    else {
      const after = await seal(to, plain, context(id), randomBytes);
      changes.push({
        id,
        before: Buffer.from(bytes).toString('hex'),
        after: Buffer.from(after).toString('hex'),
      });
    }
  }
  return changes;
}

const opened = (key: CryptoKey, sealed: Uint8Array<ArrayBuffer>, context: string) =>
  open(key, sealed, context).catch(() => undefined);

/**
 * A value that was changed meanwhile is left: nodes seal under the new key. Rows that a request holds are tried again, as
 * a statement that waits for one row while it holds others could wait for one that waits for it.
 */
async function writeBatch<Schema>(
  db: Kysely<Schema>,
  { table, id, column }: Column,
  changes: readonly Change[],
): Promise<number> {
  let left = changes;
  let written = 0;
  while (left.length > 0) {
    const { rows } = await sql<{ id: string; held: boolean }>`
      with i as (
        select id, decode(before, 'hex') as before, decode(after, 'hex') as after
        from jsonb_to_recordset(${JSON.stringify(left)}::jsonb) as i(id text, before text, after text)
      ), due as (
        select i.id from i join ${sql.table(table)} t on t.${sql.ref(id)} = i.id and t.${sql.ref(column)} = i.before
      ), taken as (
        select t.${sql.ref(id)} as id from ${sql.table(table)} t join i on t.${sql.ref(id)} = i.id
        where t.${sql.ref(column)} = i.before for update of t skip locked
      ), changed as (
        update ${sql.table(table)} t set ${sql.ref(column)} = i.after from i, taken
        where taken.id = i.id and t.${sql.ref(id)} = i.id returning i.id
      )
      select due.id, due.id not in (select id from changed) as held from due`.execute(db);
    written += rows.filter(({ held }) => !held).length;
    const held = new Set(rows.filter((row) => row.held).map((row) => row.id));
    left = left.filter((change) => held.has(change.id));
    if (left.length > 0) await setTimeout(HELD_PAUSE_MS);
  }
  return written;
}
