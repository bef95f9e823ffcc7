import { setTimeout } from 'node:timers/promises';

/** What a load came to. */
export interface LoadResult {
  readonly perSecond: number;
  readonly done: number;
  /** Share of one core this process used, 1 being all of it: near 1 the client is what is measured. */
  readonly clientCore: number;
}

/**
 * Keeps every worker busy for a time, each with one thing after another.
 * @param act resolves with false when there is nothing left to do
 */
export async function load<W>(
  workers: readonly W[],
  ms: number,
  act: (worker: W) => Promise<boolean>,
): Promise<LoadResult> {
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  const until = started + ms;
  let done = 0;
  await Promise.all(
    workers.map(async (worker) => {
      while (performance.now() < until && (await act(worker))) done += 1;
    }),
  );
  const took = performance.now() - started;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { perSecond: (done * 1000) / took, done, clientCore: (user + system) / 1000 / took };
}

const NO_LIMIT_MS = 60_000;

/** Does something for every item with all workers. @returns milliseconds */
export async function timed<W, T>(
  workers: readonly W[],
  items: Iterator<T>,
  act: (worker: W, item: T) => Promise<void>,
): Promise<number> {
  const started = performance.now();
  await load(workers, NO_LIMIT_MS, async (worker) => {
    const { done, value } = items.next();
    if (done) return false;
    await act(worker, value);
    return true;
  });
  return performance.now() - started;
}

/**
 * Sends at a steady pace, whether or not the last was answered, and times each from when it was due to be sent: what
 * waits for a free worker has waited.
 * @returns milliseconds of each
 */
export async function pace<W>(
  workers: readonly W[],
  ms: number,
  perSecond: number,
  act: (worker: W) => Promise<boolean>,
): Promise<readonly number[]> {
  const free = [...workers];
  const due: number[] = [];
  const taken: number[] = [];
  const underWay = new Set<Promise<void>>();
  const send = () => {
    while (due.length > 0 && free.length > 0) {
      const since = due.shift() as number;
      // In turn: a connection that is left alone is closed.
      const worker = free.shift() as W;
      const done = act(worker).then(() => {
        taken.push(performance.now() - since);
        free.push(worker);
        underWay.delete(done);
        send();
      });
      underWay.add(done);
    }
  };
  const started = performance.now();
  for (let sent = 0; ; await setTimeout(1)) {
    const now = performance.now();
    if (now - started >= ms) break;
    for (; sent < ((now - started) * perSecond) / 1000; sent += 1) due.push(now);
    send();
  }
  while (underWay.size > 0) await Promise.all(underWay);
  return taken;
}
