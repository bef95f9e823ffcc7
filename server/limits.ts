import type { Policies, Policy } from '../core/institution/policy.ts';
import { perInstitution, type Rate, type RateLimit, rateLimit } from '../host/rates.ts';
import { ProblemError } from './problem.ts';
import type { TokenRow } from './store/schema.ts';

/** Rates that a node keeps callers to. They hold back floods; what bounds guesses for good is in the token's row. */
export const RATES = {
  /** Requests of one institution. */
  institution: { atOnce: 20_000, everyMs: 0.1 },
  /** Requests of one institution's staff, so that a thief of their key cannot stop every customer at once. */
  staff: { atOnce: 600, everyMs: 100 },
  /** Requests of one institution's imports of tokens. */
  imports: { atOnce: 600, everyMs: 5 },
  /** A bank's writes for one token. */
  token: { atOnce: 300, everyMs: 200 },
  /** Wrong codes of all tokens of one institution; beyond that, a token that had a wrong code waits. */
  wrongCodes: { atOnce: 1_000, everyMs: 50 },
  /** Requests signed by one key. */
  key: { atOnce: 120, everyMs: 100 },
  /** Requests for the time from one source. */
  time: { atOnce: 100, everyMs: 50 },
  /** Requests from one source with an unknown API key. */
  unknownKeys: { atOnce: 30, everyMs: 2_000 },
  /** Failed enrolments from one source. */
  enrolments: { atOnce: 30, everyMs: 10_000 },
  /** Serial number tokens that one source makes. */
  serials: { atOnce: 10, everyMs: 10 * 60_000 },
  /** Pairings that one source begins. */
  pairings: { atOnce: 10, everyMs: 60_000 },
  /** Codes of pairings, of which none waited, that one device gives, */
  pairingCodes: { atOnce: 5, everyMs: 60_000 },
  /** and that one source gives. */
  pairingCodesOfSource: { atOnce: 30, everyMs: 10_000 },
  /** Second and later tries at the issues of one institution; the first try at an issue does not count. */
  laterTries: { atOnce: 300, everyMs: 1_000 },
  /** Reports of refused fills by one device. */
  refusedFills: { atOnce: 12, everyMs: 300_000 },
  /** Subscriptions to Web Push by one device. */
  pushSubscriptions: { atOnce: 12, everyMs: 60_000 },
} as const satisfies Record<string, Rate>;

/** Failed enrolments of one issue, whether or not the issue exists. */
interface Tries<T> {
  /** From all sources. */
  readonly all: T;
  /** From one source: less than half, so that other sources have tries left. */
  readonly ofSource: T;
}

function triesOf({ activationTriesAtOnce, activationTryMinutes }: Policy): Tries<Rate> {
  const everyMs = activationTryMinutes * 60_000;
  return {
    all: { atOnce: activationTriesAtOnce, everyMs },
    ofSource: { atOnce: Math.ceil(activationTriesAtOnce / 2) - 1, everyMs },
  };
}

type RateName = keyof typeof RATES;

export interface Rates extends Readonly<Record<RateName, Rate>> {
  /** Rates of tries at an issue, by the institution's policy; tests may give others. */
  readonly triesOf?: (policy: Policy) => Tries<Rate>;
}

export interface Limits extends Readonly<Record<RateName, RateLimit>> {
  /** Limits of tries at the issues of an institution, by its key; `''` for an unknown institution. */
  readonly triesAt: (institution: string) => Tries<RateLimit>;
}

export function createLimits(policies: Policies, rates: Rates = RATES): Limits {
  return {
    triesAt: perInstitution(policies, (policy) => {
      const { all, ofSource } = (rates.triesOf ?? triesOf)(policy);
      return { all: rateLimit(all), ofSource: rateLimit(ofSource) };
    }),
    institution: rateLimit(rates.institution),
    staff: rateLimit(rates.staff),
    imports: rateLimit(rates.imports),
    token: rateLimit(rates.token),
    wrongCodes: rateLimit(rates.wrongCodes),
    key: rateLimit(rates.key),
    time: rateLimit(rates.time),
    unknownKeys: rateLimit(rates.unknownKeys),
    enrolments: rateLimit(rates.enrolments),
    serials: rateLimit(rates.serials),
    pairings: rateLimit(rates.pairings),
    pairingCodes: rateLimit(rates.pairingCodes),
    pairingCodesOfSource: rateLimit(rates.pairingCodesOfSource),
    laterTries: rateLimit(rates.laterTries),
    refusedFills: rateLimit(rates.refusedFills),
    pushSubscriptions: rateLimit(rates.pushSubscriptions),
  };
}

/** One unit of a limit for a key; without a key nothing is taken. */
export interface Taking {
  readonly limit: RateLimit;
  readonly key: string | undefined;
}

/**
 * Takes one unit of every limit, or of none.
 * @returns a function that gives them back
 * @throws ProblemError rate_limited
 */
export function takeAll(takings: readonly Taking[], now: number): () => void {
  const taken: (() => void)[] = [];
  const giveBack = () => {
    for (const undo of taken) undo();
  };
  for (const { limit, key } of takings) {
    if (key === undefined) continue;
    const waitMs = limit.take(key, now);
    if (waitMs !== undefined) {
      giveBack();
      throw rateLimited(waitMs);
    }
    taken.push(() => limit.giveBack(key));
  }
  return giveBack;
}

export const rateLimited = (waitMs: number) =>
  new ProblemError('rate_limited', undefined, undefined, Math.max(1, Math.ceil(waitMs / 1_000)));

/**
 * Admits a guess at a token's code. When too many codes of an institution are wrong, tokens that had a wrong code before
 * have to wait. Other tokens do not, and these are nearly all.
 * @returns a function to call if the guess was wrong, which counts it
 * @throws ProblemError rate_limited
 */
export function admitGuess(
  { wrongCodes }: Limits,
  { institution, failures }: Pick<TokenRow, 'institution' | 'failures'>,
  now: number,
): () => void {
  const waitMs = failures > 0 ? wrongCodes.wait(institution, now) : undefined;
  if (waitMs !== undefined) throw rateLimited(waitMs);
  return () => {
    wrongCodes.take(institution, now);
  };
}
