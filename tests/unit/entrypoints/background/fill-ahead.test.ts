import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Sender } from '../../../../core/autofill/asking.ts';
import { VaultError } from '../../../../core/vault/errors.ts';
import { clockKeeperOf, FakeService, NOW, TOKEN } from '../../platform/service/fake-service.ts';
import { NO_APPROVALS } from './fake-approvals.ts';

vi.mock('../../../../platform/browser.ts', () => ({ browser: { runtime: { id: 'warifu' } } }));
const { claimStep } = vi.hoisted(() => ({ claimStep: vi.fn(async () => true) }));
vi.mock('../../../../platform/storage/filled.ts', () => ({ claimStep, releaseStep: async () => undefined }));

await FakeService.start();
const { createFiller } = await import('../../../../entrypoints/background/fill.ts');

const SENDER: Sender = {
  extensionId: 'warifu',
  tabId: 7,
  frameId: 0,
  origin: 'https://ib.senpoku.example',
  documentId: 'a document',
};
const REQUEST = { type: 'fill.request', screen: 'BLI023', maxLength: 8 } as const;

let deviceMs: number;
let locked: boolean;
let onRequest: string[];
/** How often the vault was read. */
let readings: number;
/** Whether the service says what time it is. */
let timeIsTold: boolean;
let prolonged: number[];
let byCustomer: boolean;

function start() {
  const { keeper } = clockKeeperOf({ offsetMs: 0, measuredAt: deviceMs });
  const clockKeeper = timeIsTold ? keeper : { ...keeper, measure: async () => undefined };
  return createFiller({
    approvals: NO_APPROVALS,
    vault: {
      list: async () => {
        readings += 1;
        return [TOKEN];
      },
      selected: async () => undefined,
      select: async () => undefined,
      openKey: async () => {
        if (locked) throw new VaultError('locked');
        return crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
      },
    },
    isLocked: async () => locked,
    tokensOnRequest: async () => onRequest,
    filledScreens: { of: async () => [] },
    grants: {
      heard: async () => undefined,
      take: async () => byCustomer,
      prolong: async (_sender, waitMs) => void prolonged.push(waitMs),
    },
    clock: () => deviceMs,
    clockKeeper,
    pause: async () => undefined,
    desk: {
      ofInstitution: async () => ({ confirmations: [], failed: [] }),
      unboundOf: async () => [],
      code: async () => ({ kind: 'none' }),
    },
  });
}

beforeEach(() => {
  deviceMs = NOW;
  locked = false;
  onRequest = [];
  timeIsTold = true;
  prolonged = [];
  byCustomer = false;
  claimStep.mockClear();
  readings = 0;
});

describe('what a code needs, read while the page is', () => {
  test('counts for the document it was read for, once', async () => {
    const filler = start();
    filler.prepare(SENDER);
    expect(await filler.fill(REQUEST, SENDER)).toMatchObject({ kind: 'code' });
    expect(readings).toBe(1);
    expect(await filler.fill(REQUEST, SENDER)).toMatchObject({ kind: 'code' });
    expect(readings).toBe(2);
  });

  test.each([
    ['another document', { documentId: 'another' }, 0],
    ['a second is over', {}, 1_000],
  ])('is read anew where %s', async (_where, asker, laterMs) => {
    const filler = start();
    filler.prepare(SENDER);
    deviceMs += laterMs;
    await filler.fill(REQUEST, { ...SENDER, ...asker });
    expect(readings).toBe(2);
  });

  test('gives nothing from a vault that was locked meanwhile', async () => {
    const filler = start();
    await filler.prepare(SENDER);
    locked = true;
    expect(await filler.fill(REQUEST, SENDER)).toEqual({ kind: 'refused', reason: 'locked' });
  });

  test.each([
    ['another extension', { extensionId: 'another' }],
    ['a frame', { frameId: 3 }],
    ['another origin', { origin: 'https://ib.senpoku.example.evil' }],
  ])('is not read for %s', (_whom, sender) => {
    start().prepare({ ...SENDER, ...sender });
    expect(readings).toBe(0);
  });
});

describe('the step of the code that a page will ask for', () => {
  test('is claimed before it asks', async () => {
    const filler = start();
    await filler.prepare(SENDER);
    expect(claimStep).toHaveBeenCalledOnce();
    expect(await filler.fill(REQUEST, SENDER)).toMatchObject({ kind: 'code' });
    expect(claimStep).toHaveBeenCalledOnce();
  });

  test.each([
    ['is locked', () => (locked = true)],
    ['fills only on request', () => (onRequest = [TOKEN.id])],
    ['has expired', () => (deviceMs = TOKEN.expiresAt)],
  ])('is not claimed for a token that %s', async (_how, makeSo) => {
    makeSo();
    await start().prepare(SENDER);
    expect(claimStep).not.toHaveBeenCalled();
  });
});

test('a code that was given already is waited for where the clock, known a moment ago, cannot be measured again', async () => {
  timeIsTold = false;
  byCustomer = true;
  claimStep.mockResolvedValueOnce(false);
  const reply = await start().fill(REQUEST, SENDER);
  expect(reply).toMatchObject({ kind: 'wait', waitMs: expect.any(Number) });
  expect(prolonged).toEqual([Reflect.get(reply, 'waitMs')]);
});
