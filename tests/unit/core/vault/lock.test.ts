import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AUTO_LOCKS,
  isAutoLock,
  isOver,
  MOST_TRIES,
  mayTry,
  onPresence,
  reduceTries,
  type TryEvent,
  triesToTell,
} from '../../../../core/vault/lock.ts';

const NOW = 1_795_249_200_000;
const MINUTE = 60_000;

describe('N7: tries', () => {
  test('ten may be judged, and no eleventh', () => {
    let tried = 0;
    for (let judged = 0; judged < MOST_TRIES; judged += 1) {
      expect(mayTry(tried)).toBe(true);
      tried = reduceTries(tried, 'begun');
    }
    expect(mayTry(tried)).toBe(false);
  });

  test('a right one resets the count', () => {
    expect(reduceTries(9, 'opened')).toBe(0);
  });

  test('however tries are begun and end, never are more than ten judged in a row without a right one', () => {
    const events = fc.array(fc.constantFrom<TryEvent>('begun', 'begun', 'begun', 'opened'), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(events, (list) => {
        let tried = 0;
        let inARow = 0;
        for (const event of list) {
          if (event === 'begun' && !mayTry(tried)) break;
          inARow = event === 'begun' ? inARow + 1 : 0;
          tried = reduceTries(tried, event);
          expect(tried).toBe(inARow);
        }
        expect(inARow).toBeLessThanOrEqual(MOST_TRIES);
      }),
    );
  });

  test('those left are told from the fifth wrong one on', () => {
    expect([0, 1, 4, 5, 9, 10].map(triesToTell)).toEqual([undefined, undefined, undefined, 5, 1, 0]);
  });
});

describe('auto-lock', () => {
  const use = { seenAt: NOW, autoLock: 15 } as const;

  test('is over some time after the user was seen, and not before', () => {
    expect(isOver(use, NOW + 15 * MINUTE, 0)).toBe(false);
    expect(isOver(use, NOW + 15 * MINUTE + 1, 0)).toBe(true);
    expect(isOver(use, NOW + 16 * MINUTE, 1)).toBe(false);
    expect(isOver(use, NOW + 16 * MINUTE + 1, 1)).toBe(true);
  });

  test('is over after a sleep, in which nobody looked', () => {
    expect(onPresence(use, 'active', NOW + 8 * 60 * MINUTE)).toBe('lock');
  });

  test('a clock set back does not keep it open', () => {
    expect(isOver(use, NOW - 2 * MINUTE, 1)).toBe(true);
    expect(isOver({ ...use, autoLock: 'browser' }, NOW - 2 * MINUTE, 1)).toBe(true);
  });

  test('until the browser is closed means no number of minutes, but still the screen lock', () => {
    const open = { seenAt: NOW, autoLock: 'browser' } as const;
    expect(isOver(open, NOW + 10_000 * MINUTE, 0)).toBe(false);
    expect(onPresence(open, 'idle', NOW + MINUTE)).toBe(open);
    expect(onPresence(open, 'locked', NOW + MINUTE)).toBe('lock');
  });

  test('an idle user locks it, an active one is remembered', () => {
    expect(onPresence(use, 'idle', NOW + MINUTE)).toBe('lock');
    expect(onPresence(use, 'active', NOW + MINUTE)).toEqual({ seenAt: NOW + MINUTE, autoLock: 15 });
  });

  test('whatever is heard, it never stays open longer than set after the user was last seen active', () => {
    const heard = fc.array(
      fc.record({ after: fc.nat(40 * MINUTE), presence: fc.constantFrom('active', 'idle', 'locked') }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...AUTO_LOCKS), heard, (autoLock, events) => {
        let state: ReturnType<typeof onPresence> = { seenAt: NOW, autoLock };
        let now = NOW;
        let active = NOW;
        for (const { after, presence } of events) {
          now += after;
          state = onPresence(state, presence, now);
          if (state === 'lock') return;
          if (presence === 'active') active = now;
          expect(state.seenAt).toBe(active);
          if (autoLock !== 'browser') expect(now - state.seenAt).toBeLessThanOrEqual((autoLock + 1) * MINUTE);
        }
      }),
    );
  });

  test('only the offered times are times', () => {
    expect(AUTO_LOCKS.every(isAutoLock)).toBe(true);
    expect([0, 2, '15', undefined, Number.NaN].some(isAutoLock)).toBe(false);
  });
});
