import type { Policies, Policy } from '../../core/institution/policy.ts';
import { perInstitution, type Rate, rateLimit } from '../../host/rates.ts';

/** How often somebody may try to log in at an institution. */
export interface LoginRates {
  /** From one source; an office may share one. */
  readonly source: Rate;
  /** From one source for one login ID. Tries from elsewhere do not count, so that no stranger can shut a customer out. */
  readonly loginId: Rate;
}

export const loginRatesOf = (policy: Policy): LoginRates => ({
  source: { atOnce: policy.loginsAtOnce, everyMs: policy.loginSeconds * 1_000 },
  loginId: { atOnce: policy.loginIdTriesAtOnce, everyMs: policy.loginIdTrySeconds * 1_000 },
});

/** More UTF-16 units than any login ID has; what somebody typed beyond them is not kept. */
const LONGEST_ID = 64;

/** One try to log in. */
export interface LoginTry {
  /** Key of the institution; `''` if the directory has none of that name. */
  readonly institution: string;
  readonly source: string;
  readonly loginId: string;
}

/** Counts in the memory of this node. The memory is bounded: a stranger cannot make it grow. */
export interface LoginLimits {
  /** Counts a try. @returns undefined if it may go on, or the seconds to wait */
  take(tried: LoginTry, now: number): number | undefined;
  /** The password was right: takes the try off the count. */
  giveBack(tried: LoginTry): void;
}

export function createLoginLimits(policies: Policies, ratesOf: (policy: Policy) => LoginRates): LoginLimits {
  const limitsOf = perInstitution(policies, (policy) => {
    const { source, loginId } = ratesOf(policy);
    return { sources: rateLimit(source), loginIds: rateLimit(loginId) };
  });
  const both = ({ source, loginId }: LoginTry) => JSON.stringify([source, loginId.slice(0, LONGEST_ID)]);
  return {
    take: (tried, now) => {
      const { sources, loginIds } = limitsOf(tried.institution);
      const waitMs = sources.take(tried.source, now) ?? loginIds.take(both(tried), now);
      return waitMs === undefined ? undefined : Math.ceil(waitMs / 1000);
    },
    giveBack: (tried) => {
      const { sources, loginIds } = limitsOf(tried.institution);
      sources.giveBack(tried.source);
      loginIds.giveBack(both(tried));
    },
  };
}
