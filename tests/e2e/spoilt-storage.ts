/** How the browser's storage fails. */
export type Spoiling = 'refuses' | 'hangs';

/** What a page can be told about its spoilt storage. */
interface SpoiltStorage {
  /** It works again: what hangs is answered. */
  mend(): void;
  /** Connections die without a word, as on iOS while the device sleeps. */
  kill(): void;
}

/** Runs in a page before its own scripts. */
export function spoilStorage(how: Spoiling | 'works'): void {
  const open = IDBFactory.prototype.open;
  const begin = IDBDatabase.prototype.transaction;
  const held: (() => void)[] = [];
  const dead = new WeakSet<IDBDatabase>();
  const living = new Set<IDBDatabase>();
  let spoilt = how !== 'works';

  const hear = (request: IDBOpenDBRequest, type: string, listener: (event: Event) => void) => {
    const listen = EventTarget.prototype.addEventListener;
    if (!spoilt || type === 'upgradeneeded') return listen.call(request, type, listener as EventListener);
    if (how === 'hangs') {
      return listen.call(request, type, (event) =>
        spoilt ? held.push(() => listener(event)) : listener(event),
      );
    }
    if (type === 'error') {
      listen.call(request, 'success', (event) => {
        request.result.close();
        listener(event);
      });
    }
  };
  IDBFactory.prototype.open = function (...given) {
    const request = open.apply(this, given);
    request.addEventListener = (type: string, listener: never) => hear(request, type, listener);
    EventTarget.prototype.addEventListener.call(request, 'success', () => living.add(request.result));
    if (spoilt && how === 'refuses') {
      const because = 'Internal error opening backing store for indexedDB.open.';
      Object.defineProperty(request, 'error', { value: new DOMException(because, 'UnknownError') });
    }
    return request;
  };
  IDBDatabase.prototype.transaction = function (...given) {
    if (dead.has(this)) throw new DOMException('The database connection is closing.', 'InvalidStateError');
    return begin.apply(this, given);
  };
  const spoiltStorage: SpoiltStorage = {
    mend() {
      spoilt = false;
      for (const answer of held.splice(0)) answer();
    },
    kill() {
      for (const connection of living) dead.add(connection);
    },
  };
  Object.assign(globalThis, { spoiltStorage });
}

declare const spoiltStorage: SpoiltStorage;

/** Run in the page. */
export const mendStorage = () => spoiltStorage.mend();
export const killConnections = () => spoiltStorage.kill();
