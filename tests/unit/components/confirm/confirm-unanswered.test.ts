import { describe, expect, test } from 'vitest';
import { type ConfirmEvent, GUARD_MS, reduceConfirm } from '../../../../components/confirm/confirm-state.ts';
import {
  agreed,
  LATER,
  listed,
  listedAt,
  once,
  otherAmount,
  phase,
  pressed,
  settled,
  waiting,
} from './confirm-events.ts';
import { aConfirmation, START } from './confirmations.ts';

describe('no answer', () => {
  const lost = once(listed(waiting), agreed, pressed('confirmed'), settled('unreachable'));
  const again = pressed('confirmed', LATER + GUARD_MS);

  test('keeps the tick, and the same can be sent again', () => {
    expect(lost.shown?.agreed).toBe(true);
    const sending = reduceConfirm(lost, again);
    expect(phase(sending)).toEqual({ kind: 'sending', decision: 'confirmed' });
    expect(sending.shown?.confirmation).toBe(waiting);
  });

  test('can be sent again even where the list has it no more: it may have been heard', () => {
    expect(phase([listed(), again].reduce(reduceConfirm, lost))?.kind).toBe('sending');
  });

  test.each(['rejected', 'not-me'] as const)('takes no %s: OK may have been heard', (decision) => {
    expect(phase(reduceConfirm(lost, pressed(decision, LATER + GUARD_MS)))).toEqual(phase(lost));
  });

  test.each(['rejected', 'not-me'] as const)(
    'takes %s where the page shows something else now',
    (decision) => {
      const differing = [listedAt(LATER, otherAmount), pressed(decision, LATER + GUARD_MS)];
      expect(phase(differing.reduce(reduceConfirm, lost))?.kind).not.toBe('refused');
    },
  );

  test('because nothing was sent takes another decision', () => {
    const unsent = once(listed(waiting), agreed, pressed('confirmed'), settled('vault'));
    expect(phase(reduceConfirm(unsent, pressed('rejected', LATER + GUARD_MS)))).toEqual({
      kind: 'sending',
      decision: 'rejected',
    });
  });

  test('is made up for by a list that has it confirmed', () => {
    const heard = listedAt(LATER + 1, aConfirmation({ status: 'confirmed', useBy: START }));
    const decided = { kind: 'decided', decision: 'confirmed', useBy: START };
    expect(phase(reduceConfirm(lost, heard))).toEqual(decided);
    const gone = once(listed(waiting), pressed('rejected'), settled('gone'));
    expect(phase(reduceConfirm(gone, heard))).toEqual(decided);
  });

  test.each([
    ['untrusted', 'refused'],
    ['gone', 'gone'],
  ] as const)('after %s nothing is sent again', (reason, kind) => {
    const state = once(listed(waiting), agreed, pressed('confirmed'), settled(reason));
    expect(phase(reduceConfirm(state, again))?.kind).toBe(kind);
  });
});
