import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { refusedFillsRequestSchema } from '../../../../core/api/refused-fills.ts';
import { VaultError } from '../../../../core/vault/errors.ts';
import type { TokenSummary } from '../../../../core/vault/token.ts';
import { enrol, startContext } from '../storage/fresh-vault.ts';
import { clockKeeperOf, FakeService, NOW, ORIGIN, random, TOKEN } from './fake-service.ts';

const service = await FakeService.start();
const HOUR_MS = 60 * 60_000;
/** The hour before the one that runs. */
const LAST_HOUR = Math.floor(NOW / HOUR_MS) * HOUR_MS - HOUR_MS;

let locked: boolean;
let now: number;

/** The background started anew over what is on the disk; a token is in the vault. */
async function start(
  disk: IDBFactory,
  institution: object = { reportsRefusedFills: true },
  token: TokenSummary = TOKEN,
) {
  vi.stubGlobal('__WARIFU_INSTITUTIONS__', [{ ...service.institution, ...institution }]);
  const context = await startContext(disk);
  if ((await context.vault.list()).length === 0) await enrol(context, token);
  const { addRefusedFill, refusedFills } = await import('../../../../platform/storage/refused-fills.ts');
  const { createRefusedFillsReporter } = await import('../../../../platform/service/refused-fills.ts');
  const reporter = createRefusedFillsReporter({
    clock: () => now,
    clockKeeper: clockKeeperOf({ offsetMs: 0, measuredAt: now }).keeper,
    randomBytes: random,
    vault: context.vault,
    keys: {
      signing: async () => {
        if (locked) throw new VaultError('locked');
        return service.tokenKeys;
      },
    },
    kept: refusedFills,
  });
  const kept = async () => (await refusedFills.list()).flatMap(({ hours }) => hours);
  return { ...context, reporter, add: addRefusedFill, kept };
}

const sent = () =>
  service.requests.map(({ body }) => refusedFillsRequestSchema.parse(JSON.parse(body)).fills);
const fill = (since: number, count: number, reason = 'covered') => ({
  since: new Date(since).toISOString(),
  reason,
  count,
});

beforeEach(() => {
  service.requests.length = 0;
  service.statuses.length = 0;
  service.lost = 0;
  service.down = false;
  locked = false;
  now = NOW + 10 * 60_000;
  service.now = now;
});

describe('what was counted', () => {
  test('is sent signed, by the hour and the reason’s name, once, and nothing else with it', async () => {
    const { reporter, add, kept } = await start(new IDBFactory());
    for (const reason of ['covered', 'covered', 'clock'] as const) await add('first', reason, LAST_HOUR);
    await add('first', 'covered', NOW);
    await Promise.all([reporter.report(), reporter.report()]);
    await reporter.report();
    expect(service.requests).toMatchObject([{ method: 'POST', url: `${ORIGIN}/v1/token/refused-fills` }]);
    expect(sent()).toEqual([[fill(LAST_HOUR, 2), fill(LAST_HOUR, 1, 'clock')]]);
    // The hour that runs is for the next report.
    expect(await kept()).toEqual([{ since: LAST_HOUR + HOUR_MS, counts: { covered: 1 } }]);
  });

  test('is sent again by the next worker where the answer was lost, and with what came to it', async () => {
    const disk = new IDBFactory();
    const before = await start(disk);
    await before.add('first', 'covered', LAST_HOUR);
    service.lost = 1;
    await before.reporter.report();
    expect(await before.kept()).toHaveLength(1);

    const after = await start(disk);
    await after.add('first', 'get', LAST_HOUR + HOUR_MS);
    now += HOUR_MS;
    service.now = now;
    await after.reporter.report();
    expect(sent()).toEqual([[fill(LAST_HOUR, 1)], [fill(LAST_HOUR, 1), fill(LAST_HOUR + HOUR_MS, 1, 'get')]]);
    expect(await after.kept()).toEqual([]);
  });

  test.each([429, 503])('is kept when the service answers %i, and not sent again at once', async (status) => {
    const { reporter, add, kept } = await start(new IDBFactory());
    await add('first', 'covered', LAST_HOUR);
    service.statuses.push(status);
    await reporter.report();
    await reporter.report();
    expect(sent()).toHaveLength(1);
    expect(await kept()).toHaveLength(1);
    now += 10 * 60_000;
    service.now = now;
    await reporter.report();
    expect(sent()).toHaveLength(2);
    expect(await kept()).toEqual([]);
  });

  test.each([400, 404])('is let go of where the service will never take it: %i', async (status) => {
    const { reporter, add, kept } = await start(new IDBFactory());
    await add('first', 'covered', LAST_HOUR);
    service.statuses.push(status);
    await reporter.report();
    expect(await kept()).toEqual([]);
  });

  test('waits while the token is locked: nothing can be signed, and nothing is asked', async () => {
    const { reporter, add, kept } = await start(new IDBFactory());
    await add('first', 'locked', LAST_HOUR);
    locked = true;
    await reporter.report();
    expect(service.requests).toEqual([]);
    locked = false;
    await reporter.report();
    expect(sent()).toEqual([[fill(LAST_HOUR, 1, 'locked')]]);
    expect(await kept()).toEqual([]);
  });

  test('waits until its token is registered: before that nothing is taken from it', async () => {
    const made: TokenSummary = { ...TOKEN, kind: 'serial', bindBy: NOW + HOUR_MS };
    const { reporter, add, kept, keepStanding } = await start(new IDBFactory(), undefined, made);
    await add(made.id, 'covered', LAST_HOUR);
    await reporter.report();
    expect(service.requests).toEqual([]);
    await keepStanding({ tokenId: made.id, status: 'active', expiresAt: made.expiresAt });
    await reporter.report();
    expect(sent()).toEqual([[fill(LAST_HOUR, 1)]]);
    expect(await kept()).toEqual([]);
  });

  test('is let go of unsent after two days, and where the institution no longer wants it', async () => {
    const disk = new IDBFactory();
    const { reporter, add, kept } = await start(disk);
    await add('first', 'covered', LAST_HOUR);
    now += 48 * HOUR_MS;
    await reporter.report();
    expect(await kept()).toEqual([]);
    const silent = await start(disk, {});
    await silent.add('first', 'covered', LAST_HOUR);
    await silent.reporter.report();
    expect(await silent.kept()).toEqual([]);
    expect(service.requests).toEqual([]);
  });

  test('goes with its token, and nothing is counted for one that is gone', async () => {
    const { vault, add, kept } = await start(new IDBFactory());
    await add('first', 'covered', LAST_HOUR);
    await vault.remove('first');
    expect(await kept()).toEqual([]);
    await add('first', 'covered', LAST_HOUR);
    expect(await kept()).toEqual([]);
  });
});
