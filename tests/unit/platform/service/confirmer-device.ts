import { confirmationCode, confirmationKey } from '../../../../core/transaction/code.ts';
import type { TokenStanding } from '../../../../core/transaction/confirmations.ts';
import { canonicalText } from '../../../../core/transaction/details.ts';
import type { PastDecision } from '../../../../core/vault/decisions.ts';
import { VaultError, type VaultFailure } from '../../../../core/vault/errors.ts';
import { clockKeeperOf, DETAILS, FakeService, listed, NOW, random } from './fake-service.ts';

export const service = await FakeService.start();
export const { createConfirmer } = await import('../../../../platform/service/confirmer.ts');

export const CANONICAL = canonicalText(DETAILS);
const secret = random(32);
export const key = await confirmationKey(
  await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']),
);
export const CODE = await confirmationCode(key, CANONICAL);

/** A confirmer on a device whose clock is `deviceMs`, and what it kept. */
export function device({
  deviceMs = NOW,
  offsetMs = 0,
  measuredAt = NOW,
  full = false,
  failure = undefined as VaultFailure | undefined,
} = {}) {
  const kept: PastDecision[] = [];
  const standings: TokenStanding[] = [];
  const { keeper, measurements } = clockKeeperOf({ offsetMs, measuredAt }, service.now - deviceMs);
  const confirmer = createConfirmer({
    clock: () => deviceMs,
    clockKeeper: keeper,
    randomBytes: random,
    keys: {
      signing: async () => {
        if (failure) throw new VaultError(failure);
        return service.tokenKeys;
      },
      confirmation: async () => key,
    },
    factors: async () => ['token-key'],
    keepDecision: async (decision) => {
      if (full) throw new VaultError('full');
      kept.push(decision);
    },
    keepStanding: async (standing) => {
      if (full) throw new VaultError('full');
      standings.push(standing);
    },
  });
  return { confirmer, kept, standings, measurements };
}

/** The service as each test finds it. */
export function resetService(): void {
  service.now = NOW;
  service.listed = [listed()];
  service.forgery = {};
  service.status = 'confirmed';
  service.statuses.length = 0;
  service.requests.length = 0;
  service.decisions.length = 0;
  service.lost = 0;
  service.down = false;
}
