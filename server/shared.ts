import { PROOF_LIFETIME_S } from '../core/api/token.ts';
import { policiesOf } from '../core/institution/policy.ts';
import { partOf, places } from '../host/places.ts';
import type { ServiceDependencies, Shared } from './context.ts';
import { serviceOrigins } from './institutions.ts';
import { createLimits } from './limits.ts';
import { streamsOpen, waitersOpen } from './metrics.ts';
import { seenOnce } from './seen.ts';

/** Share of the node's streams that tokens may hold that no contract has: anybody can make them, without a password. */
const UNBOUND_SHARE = 0.1;

/** Share of the node's places for waiting that pairings may hold: anybody can begin one. */
const PAIRING_SHARE = 0.1;

export function sharedBy(node: Pick<ServiceDependencies, 'directory' | 'capacity' | 'rates'>): Shared {
  const { directory, capacity, rates } = node;
  const streams = places(capacity.streams, streamsOpen);
  const waiters = places(capacity.waiters, waitersOpen);
  return {
    origins: serviceOrigins(node),
    limits: createLimits(policiesOf(directory.institutions), rates),
    strangersProofs: seenOnce(2 * PROOF_LIFETIME_S * 1000),
    streams,
    unboundStreams: partOf(streams, Math.ceil(capacity.streams * UNBOUND_SHARE)),
    waiters,
    pairingWaiters: partOf(waiters, Math.ceil(capacity.waiters * PAIRING_SHARE)),
  };
}
