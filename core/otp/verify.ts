import type { Policy } from '../institution/policy.ts';
import type { OtpKey } from './key.ts';
import { matchingStep, type OtpParameters, stepAt } from './totp.ts';

/** What the verifier keeps of a token between codes. */
export interface VerifierState {
  /** The latest step whose code was accepted; no code of this step or an earlier one is taken again. */
  readonly lastStep: number;
  /** How many steps the token's clock has been found ahead (+) or behind (−). */
  readonly drift: number;
}

/** What a presented code turned out to be. Only `fresh` may be accepted, and only by spending it. */
export type Judgement =
  | { readonly kind: 'fresh'; readonly step: number; readonly drift: number }
  | { readonly kind: 'spent' }
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
  { windowSteps, driftSteps }: Pick<Policy, 'windowSteps' | 'driftSteps'>,
): Promise<Judgement> {
  const now = stepAt(timeMs, parameters);
  const step = await matchingStep(key, parameters, code, now + drift, windowSteps);
  if (step === undefined) return { kind: 'wrong' };
  if (step <= lastStep) return { kind: 'spent' };
  return { kind: 'fresh', step, drift: clamp(step - now, -driftSteps, driftSteps) };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
