import { createParser } from 'eventsource-parser';

/** A request whose answer is server-sent events. Its proofs are good for a minute. */
export interface EventStream {
  readonly url: string;
  readonly body: string;
}

/** The event that says: ask again. */
const EVENT = 'confirmations';

/** event: something changed · try: a stream was opened, or could not be; what came before it was missed */
export type StreamNews = 'event' | 'try';

/** Heartbeats come every 15 seconds: a stream without any for so long is dead, though nothing said so. */
const SILENCE_MS = 45_000;

/** Longer with each failure in a row. */
const PAUSES_MS = [1_000, 2_000, 5_000, 10_000, 30_000, 60_000];

/**
 * Keeps the event streams of all services open until aborted. Calls back with every event, and with every try to open a
 * stream: what came before it was open would be missed, and where none can be opened there is only asking.
 * @param streams makes the requests anew, each time with new proofs; none while the vault is locked, when a stream that
 *   is open stays open
 */
export async function watchStreams(
  streams: () => Promise<readonly EventStream[]>,
  changed: (what: StreamNews) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    const first = await streams().catch(() => []);
    if (first.length > 0) {
      await Promise.all(first.map((stream) => keepOpen(stream, streams, changed, signal)));
      return;
    }
    await pause(failures, signal);
  }
}

async function keepOpen(
  first: EventStream,
  streams: () => Promise<readonly EventStream[]>,
  changed: (what: StreamNews) => void,
  signal: AbortSignal,
): Promise<void> {
  let stream: EventStream | undefined = first;
  for (let failures = 0; !signal.aborted; ) {
    const opened = stream !== undefined && (await listen(stream, changed, signal));
    failures = opened ? 0 : failures + 1;
    if (!opened && !signal.aborted) changed('try');
    await pause(failures, signal);
    if (signal.aborted) return;
    stream = (await streams().catch(() => [])).find(({ url }) => url === first.url);
  }
}

/**
 * Reads one stream to its end. Never rejects.
 * @returns whether it was opened at all
 */
async function listen(
  { url, body }: EventStream,
  changed: (what: StreamNews) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  let opened = false;
  const parser = createParser({ onEvent: ({ event }) => event === EVENT && changed('event') });
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
      body,
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (!response.ok || response.body === null) return false;
    opened = true;
    changed('try');
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      parser.feed(read.value);
    }
  } catch {
    // Aborted, silent or broken off: whoever keeps it open goes on.
  } finally {
    clearTimeout(timer);
  }
  return opened;
}

/** Waits before the next try, or until aborted. */
function pause(failures: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const ms = PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)];
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal.aborted) done();
    signal.addEventListener('abort', done);
  });
}
