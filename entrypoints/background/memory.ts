import type { Shape } from '../../core/messages/shape.ts';
import { browser } from '../../platform/browser.ts';

/** What the background alone writes; the vault's session is another's. */
const PREFIX = 'background:';

/** What one part of the background remembers, by keys of its own. */
export interface Memory {
  get<T>(key: string, shape: Shape<T>): Promise<T | undefined>;
  /** All values that are of a shape. */
  all<T>(shape: Shape<T>): Promise<T[]>;
  set(key: string, value: unknown): Promise<void>;
  remove(...keys: readonly string[]): Promise<void>;
  /** Runs a change when those of this part asked for before have ended: storage knows no transactions. */
  inTurn<T>(change: () => Promise<T>): Promise<T>;
}

/**
 * What the background remembers past its worker's life, and not past the browser's: in the extension's session storage,
 * which the browser keeps in memory. Nobody else writes it, so that it is read once a worker.
 * @returns a part's memory by its name
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
