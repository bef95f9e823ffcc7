import type { PGlite } from '@electric-sql/pglite';

/** A database that can be used again, with its rows as they were when it was new. */
interface Recyclable {
  readonly pglite: PGlite;
  /** What its tables, indexes, triggers and functions are. */
  readonly schema: string;
}

/** Kept beyond the modules of one file of tests. */
const ofProcess = process as { idleDatabases?: Map<string, Recyclable[]> };

/** How many of each kind are kept for later tests; few tests use more at once. */
const MOST_IDLE = 3;

/**
 * Databases in memory that follow one another in one process: to empty one takes a tenth of the time that it takes to start
 * one. Each begins as it was when it was new. One whose tables or clock a test has changed is not used again.
 * @param start makes a new one
 */
export function createRecycling<Source>(start: (source: Source) => Promise<PGlite>) {
  ofProcess.idleDatabases ??= new Map();
  const idle = ofProcess.idleDatabases;
  return async (kind: string, source: Source): Promise<PGlite> => {
    const ours = idle.get(kind) ?? [];
    idle.set(kind, ours);
    return lent(ours.pop() ?? (await begin(await start(source))), ours);
  };
}

/** The database of one user, which returns it by closing it. */
function lent(recyclable: Recyclable, idle: Recyclable[]): PGlite {
  const { pglite } = recyclable;
  let isClosed = false;
  let clockWasMoved = false;
  const own = {
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      const isAsNew = !clockWasMoved && idle.length < MOST_IDLE && (await renew(recyclable));
      if (isAsNew) idle.push(recyclable);
      else await pglite.close();
    },
  };
  return new Proxy(pglite, {
    get: (target, name) => {
      clockWasMoved ||= isClockMoved();
      if (name in own) return own[name as keyof typeof own];
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/**
 * Ten seconds after its last work PostgreSQL counts what it did. Once the clock is back, these may be years, which no timer
 * can hold: each millisecond it would ask the clock of whichever test comes then.
 */
const isClockMoved = () =>
  Math.abs(performance.timeOrigin + performance.now() - Date.now()) > 24 * 60 * 60_000;

/** Keeps the rows of a new database beside its tables. */
async function begin(pglite: PGlite): Promise<Recyclable> {
  await pglite.exec('create schema fresh');
  for (const table of await tablesOf(pglite)) {
    const { rows } = await pglite.query(`select 1 from public.${table} limit 1`);
    if (rows.length > 0) await pglite.exec(`create table fresh.${table} as table public.${table}`);
  }
  return { pglite, schema: await schemaOf(pglite) };
}

/** @returns whether it is as it was when it was new */
async function renew({ pglite, schema }: Recyclable): Promise<boolean> {
  await pglite.exec('discard all');
  await pglite.exec('set search_path to public');
  if ((await schemaOf(pglite)) !== schema) return false;
  const { rows } = await pglite.query<{ name: string; is_fresh: boolean }>(`
    select quote_ident(relname) as name, to_regclass('fresh.' || quote_ident(relname)) is not null as is_fresh
    from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
      and (pg_relation_size(oid) > 0 or to_regclass('fresh.' || quote_ident(relname)) is not null)`);
  const fresh = rows.filter(({ is_fresh }) => is_fresh);
  await pglite.exec(`
    set session_replication_role = replica;
    truncate ${rows.map(({ name }) => name).join(', ')} restart identity cascade;
    ${fresh.map(({ name }) => `insert into ${name} overriding system value table fresh.${name};`).join('\n')}
    set session_replication_role = origin;
  `);
  return true;
}

async function tablesOf(pglite: PGlite): Promise<string[]> {
  const { rows } = await pglite.query<{ name: string }>(
    "select quote_ident(tablename) as name from pg_tables where schemaname = 'public'",
  );
  return rows.map(({ name }) => name);
}

async function schemaOf(pglite: PGlite): Promise<string> {
  const { rows } = await pglite.query<{ schema: string }>(`
    select concat_ws(E'\\n',
      (select string_agg(concat_ws(' ', relname, relkind, attname, atttypid, attnotnull, atthasdef), E'\\n' order by relname, attnum)
        from pg_class join pg_attribute on attrelid = pg_class.oid where relnamespace = 'public'::regnamespace and attnum > 0),
      (select string_agg(concat_ws(' ', tgrelid::regclass, tgname, tgenabled), E'\\n' order by tgrelid, tgname) from pg_trigger),
      (select string_agg(pg_get_constraintdef(oid), E'\\n' order by oid) from pg_constraint where connamespace = 'public'::regnamespace),
      (select string_agg(prosrc, E'\\n' order by oid) from pg_proc where pronamespace = 'public'::regnamespace)
    ) as schema`);
  return rows[0]?.schema ?? '';
}
