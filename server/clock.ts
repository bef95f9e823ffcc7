import type { Clock } from '../core/ports.ts';

/** A clock that can be moved. For tests only: {@link unsafeTestClock} is the one way to get one. */
export interface MovableClock {
  readonly now: Clock;
  move(offsetMs: number): void;
}

export const systemClock: Clock = () => Date.now();

/** Built only where `WARIFU_UNSAFE_TEST_CLOCK=1`: whoever moves it decides which codes are good. */
export function unsafeTestClock(): MovableClock {
  let offset = 0;
  return {
    now: () => Date.now() + offset,
    move: (offsetMs) => {
      offset = offsetMs;
    },
  };
}
