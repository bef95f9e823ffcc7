import { IDBFactory, IDBOpenDBRequest, type IDBTransaction } from 'fake-indexeddb';

/** How the next requests to open are answered. */
export type Opening = 'opens' | 'hangs' | { readonly rejects: string } | { readonly throws: string };

const named = (name: string) => new DOMException('of the test', name);

/** A disk whose database can be made to fail in the ways that browsers' do. */
export class UnrulyDisk extends IDBFactory {
  opening: Opening = 'opens';
  /** Requests to open so far. */
  asked = 0;
  private held: (() => void)[] = [];
  private connections: IDBDatabase[] = [];

  override open(name: string, version?: number): IDBOpenDBRequest {
    this.asked += 1;
    const { opening } = this;
    if (opening === 'opens') return this.noted(super.open(name, version));
    if (opening === 'hangs') return this.noted(this.holding(super.open(name, version)));
    if ('throws' in opening) throw named(opening.throws);
    return new FailingRequest(opening.rejects);
  }

  /** Answers what hangs. */
  release(): void {
    this.opening = 'opens';
    for (const answer of this.held.splice(0)) answer();
  }

  /** Ends the connections there are without a word, as iOS does while the device sleeps. */
  killConnections(name = 'InvalidStateError'): void {
    for (const connection of this.connections.splice(0)) {
      connection.transaction = () => {
        throw named(name);
      };
    }
  }

  /** Has transactions on the connections there are begin, and then end with an error instead of a commit. */
  spoilTransactions(after: 'abort' | 'commit'): void {
    for (const connection of this.connections.splice(0)) {
      const begin = connection.transaction;
      connection.transaction = (...given: Parameters<typeof begin>) => {
        const tx = begin.apply(connection, given);
        if (after === 'abort') queueMicrotask(() => tx.abort());
        else pretendFailure(tx);
        return tx;
      };
    }
  }

  /** Nothing is heard any more of transactions on the connections there are. */
  hangTransactions(): void {
    for (const connection of this.connections.splice(0)) {
      const begin = connection.transaction;
      connection.transaction = (...given: Parameters<typeof begin>) => {
        const tx = begin.apply(connection, given);
        return silenced(tx);
      };
    }
  }

  private noted(request: IDBOpenDBRequest): IDBOpenDBRequest {
    request.addEventListener('success', () => this.connections.push(request.result));
    return request;
  }

  private holding(request: IDBOpenDBRequest): IDBOpenDBRequest {
    const dispatch = request.dispatchEvent.bind(request);
    request.dispatchEvent = (event) => {
      this.held.push(() => dispatch(event));
      return true;
    };
    return request;
  }
}

/** Nothing is heard of it, nor of what is asked in it. */
function silenced(tx: IDBTransaction): IDBTransaction {
  const silent = { dispatchEvent: () => true };
  // by which the database on the table takes every request in
  const ask: unknown = Reflect.get(tx, '_execRequestAsync');
  if (typeof ask !== 'function') throw new TypeError('the database on the table works otherwise now');
  const _execRequestAsync = (given: unknown) => Object.assign(ask.call(tx, given), silent);
  return Object.assign(tx, silent, { _execRequestAsync });
}

/** It is committed, and says that it was not: the browser's process ended in between. */
function pretendFailure(tx: IDBTransaction): void {
  const dispatch = tx.dispatchEvent.bind(tx);
  tx.dispatchEvent = (event) => {
    if (event.type !== 'complete') return dispatch(event);
    Object.defineProperty(tx, 'error', { value: named('UnknownError') });
    return dispatch(Object.assign(event, { type: 'abort' }));
  };
}

/** A request that fails as soon as somebody listens. */
class FailingRequest extends IDBOpenDBRequest {
  readonly because: string;

  constructor(because: string) {
    super();
    this.because = because;
  }

  override get error(): DOMException {
    return named(this.because);
  }

  override addEventListener(type: string, listener: EventListenerOrEventListenerObject): void {
    if (type === 'error' && typeof listener === 'function') {
      queueMicrotask(() => listener(new Event('error')));
    }
  }
}
