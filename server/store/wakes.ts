import type { PGlite } from '@electric-sql/pglite';
import type { PostgresClient } from '../../host/postgres-client.ts';

/** Every change of a confirmation notifies it, with `token/confirmation`, and `/events` where a bank is to be told. */
export const WAKE_CHANNEL = 'warifu';

/** Wakes those who wait for something in the database to change, on whichever node it was changed. */
export interface Wakes {
  /**
   * Calls back whenever something changes for a token or a confirmation.
   * @param id the token's or the confirmation's; `events` for those that banks are told of
   * @returns stops it
   */
  on(id: string, woken: () => void): () => void;
  /** Wakes everybody: something may have been missed, or the clock was moved. */
  all(): void;
}

/** Wakes that come in as ids apart by slashes and go to whoever waits for one of them. */
export interface OpenWakes extends Wakes {
  take(payload: string): void;
}

export function createWakes(): OpenWakes {
  const waiting = new Map<string, Set<() => void>>();
  return {
    on(id, woken) {
      const set = waiting.get(id) ?? new Set();
      set.add(woken);
      waiting.set(id, set);
      return () => {
        set.delete(woken);
        if (set.size === 0 && waiting.get(id) === set) waiting.delete(id);
      };
    },
    all() {
      wakeInTurns([...waiting.values()].flatMap((set) => [...set]));
    },
    take(payload) {
      for (const id of payload.split('/')) for (const woken of [...(waiting.get(id) ?? [])]) woken();
    },
  };
}

/** Everybody who is woken looks into the database: so many at a time do. */
const AT_ONCE = 200;
const TURN_MS = 20;

function wakeInTurns(all: readonly (() => void)[]): void {
  for (const woken of all.slice(0, AT_ONCE)) woken();
  if (all.length > AT_ONCE) setTimeout(() => wakeInTurns(all.slice(AT_ONCE)), TURN_MS).unref();
}

/** Listens in the built-in PostgreSQL, which has one process and so never misses anything. */
export async function listenBuiltIn(pglite: PGlite, wakes: OpenWakes): Promise<void> {
  await pglite.listen(WAKE_CHANNEL, (payload) => wakes.take(payload));
}

const AGAIN_AFTER_MS = 50;

/** A connection that is cut without a word is noticed by asking on it this often. */
const ASK_EVERY_MS = 2_000;

/**
 * Listens on a connection of its own, opened anew when it breaks; what was missed meanwhile wakes everybody.
 * @returns stops listening
 */
export function listenPostgres(newClient: () => PostgresClient, wakes: OpenWakes): () => Promise<void> {
  let stopped = false;
  let client: PostgresClient | undefined;
  let again: NodeJS.Timeout | undefined;

  const listen = async () => {
    const fresh = newClient();
    client = fresh;
    fresh.on('notification', ({ payload }) => wakes.take(payload ?? ''));
    let asking: NodeJS.Timeout | undefined;
    fresh.once('end', () => {
      clearInterval(asking);
      if (!stopped) again = setTimeout(() => void listen(), AGAIN_AFTER_MS).unref();
    });
    try {
      await fresh.connect();
      await fresh.mustTakeWrites();
      await fresh.query(`LISTEN ${WAKE_CHANNEL}`);
      asking = setInterval(() => fresh.query('select 1').catch(() => {}), ASK_EVERY_MS);
      wakes.all();
    } catch {
      void fresh.end();
    }
  };

  void listen();
  return async () => {
    stopped = true;
    clearTimeout(again);
    await client?.end();
  };
}
