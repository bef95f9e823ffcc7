import type { PGlite } from '@electric-sql/pglite';
import { Client } from 'pg';

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
      for (const set of [...waiting.values()]) for (const woken of [...set]) woken();
    },
    take(payload) {
      for (const id of payload.split('/')) for (const woken of [...(waiting.get(id) ?? [])]) woken();
    },
  };
}

/** Listens in the built-in PostgreSQL, which has one process and so never misses anything. */
export async function listenBuiltIn(pglite: PGlite, wakes: OpenWakes): Promise<void> {
  await pglite.listen(WAKE_CHANNEL, (payload) => wakes.take(payload));
}

const AGAIN_AFTER_MS = 1_000;

/**
 * Listens on a connection of its own, opened anew when it breaks; what was missed meanwhile wakes everybody.
 * @returns stops listening
 */
export function listenPostgres(url: string, wakes: OpenWakes): () => Promise<void> {
  let stopped = false;
  let client: Client | undefined;
  let again: NodeJS.Timeout | undefined;

  const connect = async () => {
    const fresh = new Client({ connectionString: url, keepAlive: true, connectionTimeoutMillis: 3_000 });
    client = fresh;
    fresh.on('notification', ({ payload }) => wakes.take(payload ?? ''));
    fresh.once('error', retry);
    fresh.once('end', retry);
    try {
      await fresh.connect();
      await fresh.query(`LISTEN ${WAKE_CHANNEL}`);
      wakes.all();
    } catch {
      retry();
    }
  };
  const retry = () => {
    if (stopped || again) return;
    client?.removeAllListeners('end');
    client?.end().catch(() => {});
    again = setTimeout(() => {
      again = undefined;
      void connect();
    }, AGAIN_AFTER_MS);
    again.unref();
  };

  void connect();
  return async () => {
    stopped = true;
    clearTimeout(again);
    await client?.end().catch(() => {});
  };
}
