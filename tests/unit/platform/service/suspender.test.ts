import { beforeEach, describe, expect, test, vi } from 'vitest';
import { VaultError, type VaultFailure } from '../../../../core/vault/errors.ts';
import { clockKeeperOf, FakeService, type Forgery, NOW, ORIGIN, random, TOKEN } from './fake-service.ts';

const service = await FakeService.start();
const { createSuspender } = await import('../../../../platform/service/suspender.ts');
const foreign = await FakeService.foreignKeys();

beforeEach(() => {
  service.forgery = {};
  service.statuses.length = 0;
  service.requests.length = 0;
  service.lost = 0;
  service.down = false;
  service.stateStatus = 'suspended';
});

function device(failure?: VaultFailure, keepStanding = vi.fn(async () => {})) {
  const { keeper } = clockKeeperOf({ offsetMs: 0, measuredAt: NOW });
  return createSuspender({
    clock: () => NOW,
    clockKeeper: keeper,
    randomBytes: random,
    keys: {
      signing: async () => {
        if (failure) throw new VaultError(failure);
        return service.tokenKeys;
      },
    },
    keepStanding,
  });
}

describe('利用停止 on the token', () => {
  test('is a request the device signs, without a body, and what it comes to is signed', async () => {
    expect(await device().suspend(TOKEN)).toEqual({
      kind: 'suspended',
      standing: { tokenId: 'first', status: 'suspended', expiresAt: TOKEN.expiresAt },
    });
    expect(service.requests).toMatchObject([{ url: `${ORIGIN}/v1/token/suspend`, method: 'POST', body: '' }]);
  });

  test('is kept for when the service cannot be asked, and is done also where it cannot be kept', async () => {
    const keep = vi.fn(async () => {});
    await device(undefined, keep).suspend(TOKEN);
    expect(keep).toHaveBeenCalledExactlyOnceWith({
      tokenId: 'first',
      status: 'suspended',
      expiresAt: TOKEN.expiresAt,
    });
    const full = vi.fn(() => Promise.reject(new VaultError('full')));
    expect(await device(undefined, full).suspend(TOKEN)).toMatchObject({ kind: 'suspended' });
  });

  test('a lost answer is not known, and asked for again it is said', async () => {
    service.lost = 1;
    const suspender = device();
    expect(await suspender.suspend(TOKEN)).toEqual({ kind: 'refused', reason: 'unreachable' });
    expect(await suspender.suspend(TOKEN)).toMatchObject({ kind: 'suspended' });
  });

  test('offline nothing is said to be done', async () => {
    service.down = true;
    expect(await device().suspend(TOKEN)).toEqual({ kind: 'refused', reason: 'unreachable' });
  });

  test.each([
    [403, 'by-staff'],
    [404, 'over'],
    [409, 'over'],
    [429, 'unreachable'],
    [503, 'unreachable'],
  ] as const)('an answer of %i is %s', async (status, reason) => {
    service.statuses.push(status);
    expect(await device().suspend(TOKEN)).toEqual({ kind: 'refused', reason });
  });

  test('a proof that is refused is made once more, and then it is the clock', async () => {
    service.statuses.push(401, 401);
    expect(await device().suspend(TOKEN)).toEqual({ kind: 'refused', reason: 'clock' });
    expect(service.requests).toHaveLength(2);
  });

  test.each<[string, Forgery]>([
    ['signed by somebody else', { keys: foreign }],
    ['another kind of message', { typ: 'warifu-time+jwt' }],
    ['for another token', { claims: { tokenId: 'second' } }],
    ['for another proof', { claims: { proof: 'A'.repeat(22) } }],
    ['that the token is in use', { claims: { status: 'active' } }],
  ])('%s: not believed', async (_, forgery) => {
    service.forgery = forgery;
    expect(await device().suspend(TOKEN)).toEqual({ kind: 'refused', reason: 'untrusted' });
  });

  test.each([
    ['locked', 'locked'],
    ['broken', 'vault'],
  ] as const)('storage that is %s: nothing is sent', async (failure, reason) => {
    expect(await device(failure).suspend(TOKEN)).toEqual({ kind: 'refused', reason });
    expect(service.requests).toEqual([]);
  });
});
