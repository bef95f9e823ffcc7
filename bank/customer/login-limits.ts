import { type Rate, rateLimit } from '../../host/rates.ts';

/** How often logins may be tried. */
export interface LoginRates {
  /** From one source: an office may share one. */
  readonly source: Rate;
  /** From one source for one login ID. What others try from elsewhere does not count: nobody is shut out by a stranger. */
  readonly loginId: Rate;
}

export const LOGIN_RATES: LoginRates = {
  source: { atOnce: 60, everyMs: 1_000 },
  loginId: { atOnce: 20, everyMs: 3_000 },
};

/** Kept in this node's memory, and so much of it at most: a stranger makes nothing of ours grow. */
export interface LoginLimits {
  /** Counts a try. @returns undefined, or in how many seconds it is worth trying again */
  take(source: string, loginId: string, now: number): number | undefined;
  /** The password was right: the try does not count. */
  giveBack(source: string, loginId: string): void;
}

export function createLoginLimits(rates: LoginRates): LoginLimits {
  const sources = rateLimit(rates.source);
  const loginIds = rateLimit(rates.loginId);
  const both = (source: string, loginId: string) => JSON.stringify([source, loginId]);
  return {
    take: (source, loginId, now) => {
      const waitMs = sources.take(source, now) ?? loginIds.take(both(source, loginId), now);
      return waitMs === undefined ? undefined : Math.ceil(waitMs / 1000);
    },
    giveBack: (source, loginId) => {
      sources.giveBack(source);
      loginIds.giveBack(both(source, loginId));
    },
  };
}
