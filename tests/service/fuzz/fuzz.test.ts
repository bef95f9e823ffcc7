import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import '../../seed.ts';
import { fuzzedRequest } from './requests.ts';
import { isDocumented, openStage } from './stage.ts';

/** `tests/service/fuzz/run.ts` sends a million of them. */
const REQUESTS = 2_000;

let stage: Awaited<ReturnType<typeof openStage>>;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test('whatever is sent, the answer is one the protocol has: no error of the service’s own', async () => {
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(fuzzedRequest, async (fuzzed) => {
      const response = await stage.send(fuzzed);
      if (response === undefined) return;
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      expect(await isDocumented(response, fuzzed.path), `answered ${response.status}`).toBe(true);
    }),
    { numRuns: REQUESTS },
  );
  // Some are accepted and every kind of refusal occurs: not all requests fail at the first check.
  for (const status of [200, 201, 400, 401, 404, 409, 413, 415])
    expect([...statuses.keys()]).toContain(status);
}, 300_000);
