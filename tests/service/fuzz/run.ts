import fc from 'fast-check';
import { fuzzedRequest } from './requests.ts';
import { isDocumented, openStage } from './stage.ts';

/** `node tests/service/fuzz/run.ts [requests] [seed]`: sends this many fuzzed requests, in rounds of a fresh service each. */

const [requests = '1000000', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
const REQUESTS_A_ROUND = 20_000;

console.log(`${requests} requests, seed ${seed}`);
const statuses = new Map<number, number>();
for (let sent = 0, round = 0; sent < Number(requests); sent += REQUESTS_A_ROUND, round += 1) {
  const stage = await openStage();
  await fc.assert(
    fc.asyncProperty(fuzzedRequest, async (fuzzed) => {
      const response = await stage.send(fuzzed);
      if (response === undefined) return true;
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      return isDocumented(response, fuzzed.path);
    }),
    { numRuns: Math.min(REQUESTS_A_ROUND, Number(requests) - sent), seed: Number(seed) + round },
  );
  await stage.close();
  const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
  console.log(`${Math.min(sent + REQUESTS_A_ROUND, Number(requests))} sent · ${counts.join(', ')}`);
}
