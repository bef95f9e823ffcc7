import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import type { Directory } from '../core/institution/directory.ts';
import type { RandomBytes } from '../core/vault/seal.ts';
import type { Capacity } from '../host/capacity.ts';
import type { Places } from '../host/places.ts';
import type { TrustedProxies } from '../host/source.ts';
import type { Wakes } from '../host/wakes.ts';
import type { PushKey } from './keys.ts';
import type { Limits, Rates } from './limits.ts';
import type { MasterKey } from './master-key.ts';
import type { PushServices } from './push/endpoint.ts';
import type { SeenOnce } from './seen.ts';
import type { SigningKey } from './signing-key.ts';
import type { ProofAdmitted } from './store/access.ts';
import type { Database } from './store/database.ts';
import type { GatheredStore } from './store/gathered.ts';
import type { ConfirmationRow, TokenRow } from './store/schema.ts';

/** Everything the service works with; the clock and the randomness are parameters. */
export interface ServiceDependencies {
  readonly db: Database;
  readonly wakes: Wakes;
  /** The institutions whose tokens are in the database. */
  readonly directory: Directory;
  readonly capacity: Pick<Capacity, 'streams' | 'waiters'>;
  readonly masterKey: MasterKey;
  readonly signingKey: SigningKey;
  /** Web Push: the service's key, and the push services it sends to. */
  readonly push: { readonly key: PushKey; readonly services: PushServices };
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly logger: Logger;
  /** Other rates than `RATES`, for tests. */
  readonly rates?: Rates | undefined;
  /** Proxies whose `X-Forwarded-For` is believed; undefined for none. */
  readonly trustedProxies?: TrustedProxies | undefined;
  /** The built companion token, served at `/`; undefined where it was not built. */
  readonly companionFolder?: string | undefined;
  /** Aborted when the service stops; waiting requests are answered then. */
  readonly stopping: AbortSignal;
}

/** What all institutions of a node share, whatever database each is kept in. */
export interface Shared {
  /** The origins of the institutions' services; the companion may connect to all of them. */
  readonly origins: readonly string[];
  readonly limits: Limits;
  /** Ids of proofs signed by keys of no token. */
  readonly strangersProofs: SeenOnce;
  /** Places for event streams, and those of them for tokens that no contract has. */
  readonly streams: Places;
  readonly unboundStreams: Places;
  /** Places for waiting requests, and those of them for pairings. */
  readonly waiters: Places;
  readonly pairingWaiters: Places;
}

/** What the routes work with. */
export interface RouteDependencies extends ServiceDependencies, Shared {
  readonly gathered: GatheredStore;
}

/** A proof that passed. */
export interface CheckedProof extends ProofAdmitted {
  /** Thumbprint of the key that signed it (RFC 7638). */
  readonly jkt: string;
  readonly jti: string;
  /** When its id may be forgotten. */
  readonly until: Date;
  readonly publicKey: CryptoKey;
}

/** What middleware leaves for the routes. */
export interface ServiceEnv {
  Variables: {
    requestId: string;
    /** The institution whose API key was presented, the bank's or the staff's. */
    institution: string;
    /** The token that the request names or whose key signed the proof, if it exists. */
    token: TokenRow | undefined;
    /** The confirmation of that token that the request names, if it exists. */
    confirmation: ConfirmationRow | undefined;
    /** The proof the token presented. */
    proof: CheckedProof;
  };
}
