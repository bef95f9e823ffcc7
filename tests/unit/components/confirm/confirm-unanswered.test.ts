import { describe, expect, test } from 'vitest';
import {
  type ConfirmEvent,
  canDecide,
  GUARD_MS,
  reduceConfirm,
} from '../../../../components/confirm/confirm-state.ts';
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

describe('an answer that could not be trusted', () => {
  const distrusted = (decision: 'confirmed' | 'not-me') =>
    decision === 'confirmed'
      ? once(listed(waiting), agreed, pressed('confirmed'), settled('untrusted'))
      : once(listed(waiting), pressed('not-me'), pressed('not-me', LATER + GUARD_MS), settled('untrusted'));

  test.each(['confirmed', 'not-me'] as const)(
    'to %s: asked again, the question is what it is',
    (decision) => {
      const state = distrusted(decision);
      const waits = reduceConfirm(state, listedAt(LATER + 1, waiting));
      expect(waits.shown).toMatchObject({ phase: { kind: 'asking' }, since: LATER + 1 });
      const gone = reduceConfirm(state, listedAt(LATER + 1));
      expect(phase(gone)).toEqual({ kind: 'gone' });
      expect(gone.shown && canDecide(gone, gone.shown, 'not-me')).toBe(true);
    },
  );

  test('stays where its service does not answer either, and only what it had before is known', () => {
    const state = distrusted('confirmed');
    const unheard: ConfirmEvent = {
      kind: 'listed',
      confirmations: [waiting],
      failed: ['senpoku'],
      at: LATER + 1,
    };
    expect(phase(reduceConfirm(state, unheard))).toEqual(phase(state));
  });
});

describe('when the screen is opened again after the deadline', () => {
  const clock: ConfirmEvent = {
    kind: 'measured',
    institution: 'senpoku',
    offset: { offsetMs: 0, measuredAt: START },
  };
  const late: ConfirmEvent = { kind: 'appeared', at: START + 300_000 };
  const again = (...events: ConfirmEvent[]) =>
    reduceConfirm({ ...once(listed(waiting), clock, ...events), list: [] }, late);

  test.each(['unreachable', 'untrusted', 'clock'] as const)('what was %s is not shown', (reason) => {
    expect(again(agreed, pressed('confirmed'), settled(reason)).shown).toBeUndefined();
  });

  test('心当たりがない that was pressed is still asked about: the customer may have called the institution first', () => {
    expect(phase(again(pressed('not-me')))).toEqual({ kind: 'not-me' });
  });

  test('a question that was not answered is not shown', () => {
    expect(again().shown).toBeUndefined();
  });

  test('心当たりがない that nobody answered can still be sent', () => {
    const lost = again(pressed('not-me'), pressed('not-me', LATER + GUARD_MS), settled('unreachable'));
    expect(phase(lost)).toEqual({ kind: 'refused', decision: 'not-me', reason: 'unreachable' });
  });
});
