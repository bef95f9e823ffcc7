import type { Policies, Policy } from '../../core/institution/policy.ts';
import { perInstitution, type Rate, rateLimit } from '../../host/rates.ts';

/** How often logins of an institution may be tried. */
export interface LoginRates {
  /** From one source: an office may share one. */
  readonly source: Rate;
  /** From one source for one login ID. What others try from elsewhere does not count: nobody is shut out by a stranger. */
  readonly loginId: Rate;
}

export const loginRatesOf = (policy: Policy): LoginRates => ({
  source: { atOnce: policy.loginsAtOnce, everyMs: policy.loginSeconds * 1_000 },
  loginId: { atOnce: policy.loginIdTriesAtOnce, everyMs: policy.loginIdTrySeconds * 1_000 },
});

/** A login that is tried. */
export interface LoginTry {
  /** Key of the institution; `''` where the directory has none of that name. */
  readonly institution: string;
  readonly source: string;
  readonly loginId: string;
}

/** Kept in this node's memory, and so much of it at most: a stranger makes nothing of ours grow. */
export interface LoginLimits {
  /** Counts a try. @returns undefined, or in how many seconds it is worth trying again */
  take(tried: LoginTry, now: number): number | undefined;
  /** The password was right: the try does not count. */
  giveBack(tried: LoginTry): void;
}

export function createLoginLimits(policies: Policies, ratesOf: (policy: Policy) => LoginRates): LoginLimits {
  const limitsOf = perInstitution(policies, (policy) => {
    const { source, loginId } = ratesOf(policy);
    return { sources: rateLimit(source), loginIds: rateLimit(loginId) };
  });
  const both = ({ source, loginId }: LoginTry) => JSON.stringify([source, loginId]);
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
