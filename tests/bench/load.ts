/** What a load came to. */
export interface LoadResult {
  readonly perSecond: number;
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
  return { perSecond: (done * 1000) / took, clientCore: (user + system) / 1000 / took };
}
