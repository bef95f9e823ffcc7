import type { Policy } from '../institution/policy.ts';
import { type CodeParameters, type CountedParameters, type CountRange, matchingCounts } from './hotp.ts';
import type { OtpKey } from './key.ts';
import { matchingStep, type OtpParameters, stepAt } from './totp.ts';

/** What the verifier keeps of a token between codes. */
export interface VerifierState {
  /** The latest step or count whose code was accepted; no code of this one or an earlier one is taken again. */
  readonly lastStep: number;
  /** How many steps the token's clock has been found ahead (+) or behind (−). */
  readonly drift: number;
}

/**
 * What a presented code turned out to be. Only `fresh` may be accepted, and only by spending it. late: it was right some
 * steps ago · wrong: a guess, which counts
 */
export type Judgement =
  | { readonly kind: 'fresh'; readonly step: number; readonly drift: number }
  | { readonly kind: 'spent' }
  | { readonly kind: 'late' }
  | { readonly kind: 'wrong' };

/**
 * Judges a code against the clock, the learned drift and what was spent before. Pure: the store decides, by one
 * conditional update, whether a `fresh` code is really the first of its step.
 * @param timeMs the service's own time in milliseconds; a time sent by a client is never used
 * @see RFC 6238 §5.2 (window, single use) and §6 (resynchronisation)
 */
export async function judge(
  key: OtpKey,
  parameters: OtpParameters,
  code: string,
  timeMs: number,
  { lastStep, drift }: VerifierState,
  { windowSteps, driftSteps, lateSteps }: Pick<Policy, 'windowSteps' | 'driftSteps' | 'lateSteps'>,
): Promise<Judgement> {
  const now = stepAt(timeMs, parameters);
  const step = await matchingStep(key, parameters, code, now + drift, windowSteps);
  if (step === undefined) {
    const before = await matchingCounts(
      key,
      parameters,
      code,
      countsBefore(now + drift - windowSteps, lateSteps),
    );
    return { kind: before.length > 0 ? 'late' : 'wrong' };
  }
  if (step <= lastStep) return { kind: 'spent' };
  return { kind: 'fresh', step, drift: clamp(step - now, -driftSteps, driftSteps) };
}

/** What an institution's policy says of judging. */
export type JudgingPolicy = Pick<
  Policy,
  'windowSteps' | 'driftSteps' | 'lateSteps' | 'lookAheadCounts' | 'resyncCounts' | 'hardwareDriftSteps'
>;

/** Judges a code by the token's clock or by its button. */
export function judgeCode(
  key: OtpKey,
  parameters: CodeParameters,
  code: string,
  timeMs: number,
  state: VerifierState,
  policy: JudgingPolicy,
): Promise<Judgement> {
  return parameters.period === null
    ? judgeCount(key, parameters, code, state, policy)
    : judge(key, parameters, code, timeMs, state, policy);
}

/**
 * Judges a code that a button counted: the counts after the last one taken are looked at, for presses that led to nothing
 * (RFC 4226 §7.4). The last one taken and some before it are spent.
 */
async function judgeCount(
  key: OtpKey,
  parameters: CountedParameters,
  code: string,
  { lastStep, drift }: VerifierState,
  { lookAheadCounts, lateSteps }: JudgingPolicy,
): Promise<Judgement> {
  const next = lastStep + 1;
  // Nearly every code is the next one: the others are made only for the rest.
  const [expected] = await matchingCounts(key, parameters, code, { from: next, to: next });
  if (expected !== undefined) return { kind: 'fresh', step: expected, drift };
  const [ahead] = await matchingCounts(key, parameters, code, {
    from: next + 1,
    to: lastStep + lookAheadCounts,
  });
  if (ahead !== undefined) return { kind: 'fresh', step: ahead, drift };
  const before = await matchingCounts(key, parameters, code, countsBefore(next, 1 + lateSteps));
  return { kind: before.length > 0 ? 'spent' : 'wrong' };
}

/**
 * Judges two codes in a row: how a device whose clock or count nobody knows is found again (RFC 4226 §7.4, RFC 6238 §6). They
 * are looked for much farther away than a single code is.
 * @returns fresh with the step or count of the second
 */
export async function judgePair(
  key: OtpKey,
  parameters: CodeParameters,
  [one, next]: readonly [string, string],
  timeMs: number,
  state: VerifierState,
  policy: JudgingPolicy,
): Promise<Judgement> {
  const { lastStep, drift } = state;
  const { resyncCounts, hardwareDriftSteps, lateSteps } = policy;
  const { period } = parameters;
  if (period === null) {
    const range = { earliest: lastStep - lateSteps, from: lastStep + 1, to: lastStep + resyncCounts };
    const judged = await pairIn(key, parameters, [one, next], range, lastStep);
    return judged.kind === 'fresh' ? { ...judged, drift } : judged;
  }
  const now = stepAt(timeMs, { ...parameters, period });
  // What its maker said of its clock counts until the first code, and as long as it is farther away than others are looked for.
  const isFar = drift !== 0 && (lastStep < 0 || Math.abs(drift) > hardwareDriftSteps);
  let best: Judgement = { kind: 'wrong' };
  for (const centre of isFar ? [now + drift, now] : [now]) {
    const from = centre - hardwareDriftSteps;
    const range = { earliest: from - lateSteps, from, to: centre + hardwareDriftSteps };
    const judged = await pairIn(key, parameters, [one, next], range, lastStep);
    if (judged.kind === 'fresh') return { ...judged, drift: judged.step - now };
    if (judged.kind !== 'wrong') best = judged;
  }
  return best;
}

/** Of the second code of a pair: those taken where they are not spent, and the earliest that is no guess. */
interface PairRange extends CountRange {
  readonly earliest: number;
}

async function pairIn(
  key: OtpKey,
  parameters: CodeParameters,
  [one, next]: readonly [string, string],
  { earliest: before, from, to }: PairRange,
  lastStep: number,
): Promise<{ readonly kind: 'fresh'; readonly step: number } | Exclude<Judgement, { kind: 'fresh' }>> {
  const earliest = Math.max(1, before);
  const firsts = await matchingCounts(key, parameters, one, { from: earliest - 1, to: to - 1 });
  const seconds = await matchingCounts(key, parameters, next, { from: earliest, to });
  const found = seconds.filter((step) => firsts.includes(step - 1));
  const fresh = found.find((step) => step >= from && step > lastStep);
  if (fresh !== undefined) return { kind: 'fresh', step: fresh };
  if (found.length === 0) return { kind: 'wrong' };
  return { kind: found.some((step) => step <= lastStep) ? 'spent' : 'late' };
}

/** So many counts before one, none of them under 0. */
const countsBefore = (count: number, howMany: number): CountRange => ({
  from: Math.max(0, count - howMany),
  to: count - 1,
});

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
