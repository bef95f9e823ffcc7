import type { PostgresClient } from './postgres-client.ts';

/** Wakes those who wait for a change in the database, whichever node made it. */
export interface Wakes {
  /**
   * Calls back whenever something with this id changes.
   * @returns a function that ends it
   */
  on(id: string, woken: () => void): () => void;
  /** Whether changes are heard of at all; where they are not, whoever waits has to look now and then. */
  hears(): boolean;
  /** Wakes everybody, after a notification may have been lost or the test clock was moved. */
  all(): void;
}

/** Receives ids separated by slashes and wakes those who wait for one of them. */
export interface OpenWakes extends Wakes {
  take(payload: string): void;
  /** Says whether changes are heard of from now on. */
  hearing(does: boolean): void;
}

export function createWakes(): OpenWakes {
  const waiting = new Map<string, Set<() => void>>();
  let hears = false;
  return {
    hears: () => hears,
    hearing(does) {
      hears = does;
    },
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

/** Most callbacks of one turn: each of them asks the database. */
const AT_ONCE = 200;
const TURN_MS = 20;

function wakeInTurns(all: readonly (() => void)[]): void {
  for (const woken of all.slice(0, AT_ONCE)) woken();
  if (all.length > AT_ONCE) setTimeout(() => wakeInTurns(all.slice(AT_ONCE)), TURN_MS).unref();
}

const AGAIN_AFTER_MS = 50;

/** Interval of a query on the listening connection, which notices that it was cut, or that its server is no longer the primary. */
const ASK_EVERY_MS = 2_000;

/**
 * Listens on a connection of its own. If it breaks, it is opened again and everybody is woken, as notifications may be lost.
 * @returns a function that stops listening
 */
export function listenPostgres(
  newClient: () => PostgresClient,
  channel: string,
  wakes: OpenWakes,
): () => Promise<void> {
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
      wakes.hearing(false);
      if (!stopped) again = setTimeout(() => void listen(), AGAIN_AFTER_MS).unref();
    });
    try {
      await fresh.connect();
      await fresh.mustTakeWrites();
      await fresh.query(`LISTEN ${channel}`);
      asking = setInterval(() => {
        if (fresh.isOfFormerPrimary) void fresh.end();
        else fresh.mustTakeWrites().catch(() => void fresh.end());
      }, ASK_EVERY_MS);
      wakes.hearing(true);
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
