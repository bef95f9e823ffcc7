import type { Shape } from '../../core/messages/shape.ts';
import { browser } from '../../platform/browser.ts';

/** Prefix of the keys that only the background writes. */
const PREFIX = 'background:';

/** The memory of one part of the background, with its own keys. */
export interface Memory {
  get<T>(key: string, shape: Shape<T>): Promise<T | undefined>;
  /** All values that match a shape. */
  all<T>(shape: Shape<T>): Promise<T[]>;
  set(key: string, value: unknown): Promise<void>;
  remove(...keys: readonly string[]): Promise<void>;
  /** Runs a change after the earlier changes of this part have ended, as the storage has no transactions. */
  inTurn<T>(change: () => Promise<T>): Promise<T>;
}

/**
 * Memory of the background that outlives the worker but not the browser: the extension's session storage, which the browser
 * keeps in memory. Nobody else writes it, so each worker reads it only once.
 * @returns a function that returns a part's memory by its name
 */
export function createMemory(): (part: string) => Memory {
  const loaded = browser.storage.session.get(null).then((stored) => {
    const own = Object.entries(stored).filter(([key]) => key.startsWith(PREFIX));
    return new Map<string, unknown>(own);
  });
  return (part) => memoryOf(loaded, `${PREFIX}${part}:`);
}

function memoryOf(loaded: Promise<Map<string, unknown>>, prefix: string): Memory {
  let last: Promise<unknown> = Promise.resolve();
  return {
    async get(key, shape) {
      const value = (await loaded).get(prefix + key);
      return shape(value) ? value : undefined;
    },
    async all(shape) {
      const entries = [...(await loaded)];
      return entries.flatMap(([key, value]) => (key.startsWith(prefix) && shape(value) ? [value] : []));
    },
    async set(key, value) {
      (await loaded).set(prefix + key, value);
      await browser.storage.session.set({ [prefix + key]: value });
    },
    async remove(...keys) {
      const known = await loaded;
      const gone = keys.map((key) => prefix + key).filter((key) => known.delete(key));
      if (gone.length > 0) await browser.storage.session.remove(gone);
    },
    inTurn(change) {
      const turn = last.then(change);
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}
