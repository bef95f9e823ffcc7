import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** How many logins may be tried in a minute. */
export interface LoginRates {
  /** From one source: an office may share one. */
  readonly source: number;
  /** From one source for one login ID. What others try from elsewhere does not count: nobody is shut out by a stranger. */
  readonly loginId: number;
}

export const LOGIN_RATES: LoginRates = { source: 60, loginId: 20 };

/** Kept in this node's memory: a stranger makes nothing of ours grow but that, and it forgets within a minute. */
export interface LoginLimits {
  /** Counts a try. @returns undefined, or in how many seconds it is worth trying again */
  take(source: string, loginId: string): Promise<number | undefined>;
  /** The password was right: the try does not count. */
  giveBack(source: string, loginId: string): Promise<void>;
}

const WINDOW_S = 60;

export function createLoginLimits({ source: perSource, loginId: perLoginId }: LoginRates): LoginLimits {
  const sources = new RateLimiterMemory({ points: perSource, duration: WINDOW_S });
  const loginIds = new RateLimiterMemory({ points: perLoginId, duration: WINDOW_S });
  const both = (source: string, loginId: string) => JSON.stringify([source, loginId]);
  return {
    take: async (source, loginId) =>
      (await tooSoon(sources, source)) ?? (await tooSoon(loginIds, both(source, loginId))),
    giveBack: async (source, loginId) => {
      await sources.reward(source);
      await loginIds.reward(both(source, loginId));
    },
  };
}

async function tooSoon(limiter: RateLimiterMemory, key: string): Promise<number | undefined> {
  try {
    await limiter.consume(key);
    return undefined;
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    return Math.ceil(refused.msBeforeNext / 1000);
  }
}
