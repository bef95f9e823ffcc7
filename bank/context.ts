import type { JWTVerifyGetKey } from 'jose';
import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import type { Directory, Institution } from '../core/institution/directory.ts';
import type { Policy } from '../core/institution/policy.ts';
import type { RandomBytes } from '../core/vault/seal.ts';
import type { Capacity } from '../host/capacity.ts';
import type { TrustedProxies } from '../host/source.ts';
import type { Wakes } from '../host/wakes.ts';
import type { LoginRates } from './customer/login-limits.ts';
import type { PasswordCost } from './customer/password.ts';
import type { PasswordChecks } from './customer/password-checks.ts';
import type { BankKeys } from './keys.ts';
import type { StartPlaces } from './start/places.ts';
import type { Database } from './store/database.ts';
import type { ServiceClient } from './token/client.ts';
import type { StaffClient } from './token/staff-client.ts';
import type { Assets } from './web/assets.ts';
import type { SessionData } from './web/session-data.ts';

/** Everything the bank works with; the clock, the randomness and the network are parameters. */
export interface BankDependencies {
  readonly directory: Directory;
  readonly capacity: Pick<Capacity, 'waiters'>;
  readonly db: Database;
  readonly wakes: Wakes;
  readonly serviceFor: (institution: Institution) => ServiceClient;
  readonly staff: StaffConsole;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  /** Waits for that many milliseconds of real time. */
  readonly wait: (milliseconds: number) => Promise<unknown>;
  readonly logger: Logger;
  readonly keys: BankKeys;
  readonly passwordCost: PasswordCost;
  readonly passwordChecks: PasswordChecks;
  readonly loginRates: (policy: Policy) => LoginRates;
  readonly trustedProxies: TrustedProxies;
  readonly assets: Assets;
  /** The start page, and the places it links to besides the institutions. */
  readonly start: StartPlaces;
  /** Tells the outbox that there is mail to deliver. */
  readonly wakeOutbox: () => void;
  /** The keys the token service signs security events with. */
  readonly eventKeys: JWTVerifyGetKey;
  /** Aborted when the bank stops; requests that wait are then answered at once. */
  readonly stopping: AbortSignal;
}

/** What the staff console needs besides the bank. */
export interface StaffConsole {
  readonly origin: string;
  readonly serviceFor: (institution: Institution) => StaffClient;
}

/** An institution at one of its origins. */
export interface Site {
  readonly institution: Institution;
  readonly origin: string;
  /** Prefix of its paths: empty, or `/` and its 金融機関コード where institutions share the origin. */
  readonly base: string;
}

/** The browser that sent the request; it has a cookie and may be logged in. */
export interface Visitor {
  /** Value of the session cookie; new on a first visit. */
  readonly id: string;
  readonly session: SessionData | undefined;
  /** The session existed but has ended: it was idle for too long, or staff ended it. */
  readonly timedOut: boolean;
  /** An act of staff on the customer's token ended it. */
  readonly endedByStaff?: boolean | undefined;
}

export interface BankEnv {
  Bindings: {
    /** The institution whose pages were requested; set by the dispatch. */
    site?: Site;
  };
  Variables: {
    site: Site;
    visitor: Visitor;
    /** Fields of the posted form; names are unique. */
    form: ReadonlyMap<string, string>;
    /** Menu paths that this customer is not offered. */
    withheld?: readonly string[];
  };
}
