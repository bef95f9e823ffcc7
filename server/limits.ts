import { type Rate, type RateLimit, rateLimit } from '../host/rates.ts';
import { ProblemError } from './problem.ts';
import { ACTIVATION_TRIES, ACTIVATION_TRY_S } from './store/enrolments.ts';
import type { TokenRow } from './store/schema.ts';

/** What a node takes of anyone. What bounds guesses for good stands in the token's row; this keeps floods and breadth down. */
export const RATES = {
  /** Requests of one institution. */
  institution: { atOnce: 20_000, everyMs: 0.1 },
  /** Requests of one institution's staff: whoever has their key cannot stop every customer at once. */
  staff: { atOnce: 600, everyMs: 100 },
  /** A bank's writes for one token. */
  token: { atOnce: 300, everyMs: 200 },
  /** Wrong codes of one institution's tokens together; beyond, a token has one try at a time. */
  wrongCodes: { atOnce: 1_000, everyMs: 50 },
  /** Requests signed by one key. */
  key: { atOnce: 120, everyMs: 100 },
  /** Requests for the time from one source. */
  time: { atOnce: 100, everyMs: 50 },
  /** API keys from one source that are none. */
  unknownKeys: { atOnce: 30, everyMs: 2_000 },
  /** Enrolments from one source that came to nothing. */
  enrolments: { atOnce: 30, everyMs: 10_000 },
  /** The same, for one issue: less than half of what everybody together may try. */
  enrolmentsOfIssue: { atOnce: 4, everyMs: ACTIVATION_TRY_S * 1_000 },
  /** Enrolments of one issue that came to nothing, whether or not there is such an issue. */
  issue: { atOnce: ACTIVATION_TRIES, everyMs: ACTIVATION_TRY_S * 1_000 },
  /** Serial number tokens that one source makes. */
  serials: { atOnce: 10, everyMs: 10 * 60_000 },
  /** Second and later tries at the issues of one institution; an issue nobody has failed at is always tried. */
  laterTries: { atOnce: 300, everyMs: 1_000 },
} as const satisfies Record<string, Rate>;

type RateName = keyof typeof RATES;

export type Rates = Readonly<Record<RateName, Rate>>;

export type Limits = Readonly<Record<RateName, RateLimit>>;

export function createLimits(rates: Rates = RATES): Limits {
  return {
    institution: rateLimit(rates.institution),
    staff: rateLimit(rates.staff),
    token: rateLimit(rates.token),
    wrongCodes: rateLimit(rates.wrongCodes),
    key: rateLimit(rates.key),
    time: rateLimit(rates.time),
    unknownKeys: rateLimit(rates.unknownKeys),
    enrolments: rateLimit(rates.enrolments),
    enrolmentsOfIssue: rateLimit(rates.enrolmentsOfIssue),
    issue: rateLimit(rates.issue),
    serials: rateLimit(rates.serials),
    laterTries: rateLimit(rates.laterTries),
  };
}

/** One of a limit for a key; nobody's where the key is undefined. */
export interface Taking {
  readonly limit: RateLimit;
  readonly key: string | undefined;
}

/**
 * Takes one of each limit, or none of any.
 * @returns gives all of them back
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
 * Lets a guess at a token's code go on. When the tokens of an institution are guessed at all over, a token that has been
 * guessed at before waits; others, and so nearly all customers, do not.
 * @returns counts the guess, where it was wrong
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
