import { createParser } from 'eventsource-parser';

/** A request that is answered with server-sent events. Its proofs soon expire. */
export interface EventStream {
  readonly url: string;
  /** Missing where nothing can be proven yet, as the service does not say its time. */
  readonly body?: string | undefined;
}

/** The event after which to ask again. */
const EVENT = 'confirmations';

/** event: something changed · try: a stream was opened or could not be, so earlier events may be missed */
export type StreamNews = 'event' | 'try';

/** A stream without data for this long is dead, as the service sends heartbeats every 15 seconds. */
const SILENCE_MS = 45_000;

/** Pauses that grow with each failure in a row. */
const PAUSES_MS = [1_000, 2_000, 5_000, 10_000, 30_000, 60_000];

/**
 * Keeps the event streams of all services open until aborted. Calls back with every event, and with every try to open a stream:
 * events from before it was open are missed, and without a stream the caller has to ask.
 * @param streams makes requests with new proofs; it makes none while the vault is locked, when an open stream stays open
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
  if (body === undefined) return false;
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
    // The stream was aborted, silent or broken off; the caller opens it again.
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
