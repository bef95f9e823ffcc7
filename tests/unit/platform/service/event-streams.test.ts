import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type EventStream, watchStreams } from '../../../../platform/service/event-streams.ts';

const URL = 'https://token.example/v1/events';

/** One request for events, answered by the test. */
class Opened {
  readonly body: string;
  readonly signal: AbortSignal;
  #source: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  #settle: (response: Response) => void = () => undefined;
  #fail: (error: Error) => void = () => undefined;
  readonly response = new Promise<Response>((resolve, reject) => {
    this.#settle = resolve;
    this.#fail = reject;
  });

  constructor({ body, signal }: RequestInit) {
    this.body = String(body);
    this.signal = signal ?? new AbortController().signal;
    this.signal.addEventListener('abort', () => {
      this.#fail(new DOMException('aborted', 'AbortError'));
      this.#source?.error(new DOMException('aborted', 'AbortError'));
    });
  }

  accept(): Promise<unknown> {
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (source) => {
        this.#source = source;
      },
    });
    this.#settle(new Response(stream, { headers: { 'Content-Type': 'text/event-stream' } }));
    return settled();
  }
  refuse(status: number): Promise<unknown> {
    this.#settle(new Response(null, { status }));
    return settled();
  }
  send(text: string): Promise<unknown> {
    this.#source?.enqueue(new TextEncoder().encode(text));
    return settled();
  }
  end(): Promise<unknown> {
    this.#source?.close();
    return settled();
  }
  breakOff(): Promise<unknown> {
    this.#source?.error(new TypeError('network error'));
    return settled();
  }
}

/** Lets everything that is due now happen. */
const settled = () => vi.advanceTimersByTimeAsync(0);

let opened: Opened[];
let made: number;
let heard: number;
let watching: AbortController;

/** The stream opened last. */
function last(): Opened {
  const one = opened.at(-1);
  if (one === undefined) throw new Error('no stream was opened');
  return one;
}

function watch(
  streams = async (): Promise<EventStream[]> => {
    made += 1;
    return [{ url: URL, body: `proofs ${made}` }];
  },
): Promise<unknown> {
  void watchStreams(
    streams,
    () => {
      heard += 1;
    },
    watching.signal,
  );
  return settled();
}

beforeEach(() => {
  vi.useFakeTimers();
  opened = [];
  made = 0;
  heard = 0;
  watching = new AbortController();
  vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
    const one = new Opened(init);
    opened.push(one);
    return one.response;
  });
});

afterEach(() => {
  watching.abort();
  vi.useRealTimers();
});

describe('a stream of events', () => {
  test('calls back once it is open, and with every event of its kind', async () => {
    await watch();
    expect(heard).toBe(0);
    await last().accept();
    expect(heard).toBe(1);
    await last().send(': heartbeat\n\n');
    await last().send('event: other\ndata:\n\n');
    expect(heard).toBe(1);
    await last().send('event: confirmations\ndata: {}\n\nevent: confir');
    expect(heard).toBe(2);
    await last().send('mations\ndata: {}\n\n');
    expect(heard).toBe(3);
  });

  test('that ends is opened again at once, with new proofs', async () => {
    await watch();
    await last().accept();
    await last().end();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(opened.map(({ body }) => body)).toEqual(['proofs 1', 'proofs 2']);
    await last().accept();
    expect(heard).toBe(2);
  });

  test('that breaks off is opened again', async () => {
    await watch();
    await last().accept();
    await last().breakOff();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(opened).toHaveLength(2);
  });

  test('without a heartbeat is taken for dead', async () => {
    await watch();
    await last().accept();
    await vi.advanceTimersByTimeAsync(30_000);
    await last().send(': heartbeat\n\n');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(opened).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(16_000);
    expect(opened[0]?.signal.aborted).toBe(true);
    expect(opened).toHaveLength(2);
  });

  test('refused again and again is asked for more and more rarely, and often again once it was open', async () => {
    await watch();
    const times: number[] = [];
    for (let tries = 1; tries < 8; tries += 1) {
      await last().refuse(503);
      const from = Date.now();
      while (opened.length === tries) await vi.advanceTimersByTimeAsync(1_000);
      times.push((Date.now() - from) / 1000);
    }
    expect(times).toEqual([2, 5, 10, 30, 60, 60, 60]);
    // Without a stream there is only asking.
    expect(heard).toBe(times.length);
    await last().accept();
    await last().end();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(opened).toHaveLength(9);
  });

  test('is closed and not opened again when nobody watches', async () => {
    await watch();
    await last().accept();
    watching.abort();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(opened).toHaveLength(1);
    expect(opened[0]?.signal.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is asked for until there are proofs for one', async () => {
    let tokens = false;
    await watch(async () => (tokens ? [{ url: URL, body: 'proofs' }] : []));
    expect(opened).toEqual([]);
    tokens = true;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(opened).toHaveLength(1);
  });

  test('of a service that was down at first is opened once that is back, and only once', async () => {
    const other = 'https://token.akita.example/v1/events';
    let isDown = true;
    await watch(async () => [
      { url: URL, body: URL },
      { url: other, body: isDown ? undefined : other },
    ]);
    await last().accept();
    isDown = false;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(opened.map(({ body }) => body)).toEqual([URL, other]);
    await last().accept();
    await last().send('event: confirmations\ndata:\n\n');
    expect(heard).toBe(4);
    const heartbeats = async () => {
      for (let times = 0; times < 2; times += 1) {
        await vi.advanceTimersByTimeAsync(30_000);
        for (const one of opened) await one.send(': heartbeat\n\n');
      }
    };
    await heartbeats();
    expect(opened).toHaveLength(2);
  });

  test('of one service does not wait for another’s', async () => {
    const other = 'https://token.akita.example/v1/events';
    await watch(async () => [
      { url: URL, body: URL },
      { url: other, body: other },
    ]);
    await opened[1]?.accept();
    await opened[1]?.send('event: confirmations\ndata:\n\n');
    expect(heard).toBe(2);
    await opened[0]?.refuse(503);
    await opened[1]?.end();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(opened.map(({ body }) => body)).toEqual([URL, other, other]);
  });
});
