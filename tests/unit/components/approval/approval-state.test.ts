import { describe, expect, test } from 'vitest';
import {
  type ApprovalEvent,
  type ApprovalState,
  canDecide,
  initialApproval,
  isEnded,
  isLate,
  reduceApproval,
  secondsLeft,
} from '../../../../components/approval/approval-state.ts';
import { GUARD_MS } from '../../../../components/confirm/confirm-state.ts';
import { anApproval, NOW } from './approvals.ts';

const LATER = NOW + GUARD_MS;
const listed = (...approvals: ReturnType<typeof anApproval>[]): ApprovalEvent => ({
  kind: 'listed',
  approvals,
  unheard: [],
  at: NOW,
});
const following = (...events: ApprovalEvent[]): ApprovalState =>
  events.reduce(reduceApproval, initialApproval(NOW));
const press = (decision: 'approved' | 'refused' | 'not-me', at = LATER): ApprovalEvent => ({
  kind: 'pressed',
  decision,
  at,
});
const shownIn = ({ shown }: ApprovalState) => {
  if (shown === undefined) throw new Error('nothing is shown');
  return shown;
};
const phaseOf = (state: ApprovalState) => shownIn(state).phase;

describe('what is asked', () => {
  test('is shown at once, and its seconds run', () => {
    const state = following(listed(anApproval()), { kind: 'ticked', at: NOW + 15_500 });
    expect(shownIn(state).approval).toEqual(anApproval());
    expect(secondsLeft(state, shownIn(state))).toBe(45);
  });

  test('is approved by one press, which is not meant for something else', () => {
    const state = following(listed(anApproval()));
    expect(phaseOf(reduceApproval(state, press('approved', NOW + GUARD_MS - 1)))).toEqual({ kind: 'asking' });
    const sent = reduceApproval(state, press('approved'));
    expect(phaseOf(sent)).toEqual({ kind: 'sending', decision: 'approved' });
    const decided = reduceApproval(sent, { kind: 'settled', outcome: { kind: 'decided' }, at: LATER });
    expect(phaseOf(decided)).toEqual({ kind: 'decided', decision: 'approved' });
  });

  test('for a page of another origin can only be refused', () => {
    const state = following(listed(anApproval({ isOwnOrigin: false })));
    expect(canDecide(state, shownIn(state), 'approved')).toBe(false);
    expect(phaseOf(reduceApproval(state, press('approved')))).toEqual({ kind: 'asking' });
    expect(phaseOf(reduceApproval(state, press('refused')))).toMatchObject({ kind: 'sending' });
  });

  test('for a transaction is approved only once its details were said to be checked', () => {
    const state = following(listed(anApproval({ confirmation: 'BBBBBBBBBBBBBBBBBBBBBB' })));
    const early = reduceApproval(state, press('approved'));
    expect(shownIn(early)).toMatchObject({ phase: { kind: 'asking' }, agreeFirst: true });
    const agreed = reduceApproval(early, { kind: 'agreed', agreed: true });
    expect(shownIn(agreed).agreeFirst).toBe(false);
    expect(phaseOf(reduceApproval(agreed, press('approved')))).toMatchObject({ kind: 'sending' });
  });

  test('心当たりがない is asked about once more, and can be taken back', () => {
    const asked = following(listed(anApproval()), press('not-me'));
    expect(phaseOf(asked)).toEqual({ kind: 'not-me' });
    expect(phaseOf(reduceApproval(asked, { kind: 'kept', at: LATER }))).toEqual({ kind: 'asking' });
    const sent = reduceApproval(asked, press('not-me', LATER + GUARD_MS));
    expect(phaseOf(sent)).toEqual({ kind: 'sending', decision: 'not-me' });
  });
});

describe('心当たりがない', () => {
  const LATE = NOW + 60_000;
  const late: ApprovalEvent = { kind: 'ticked', at: LATE };
  const again = anApproval({ id: 'CCCCCCCCCCCCCCCCCCCCCC' });

  test.each<[string, ApprovalEvent]>([
    ['its time is over', late],
    ['the service has it no more', listed()],
    ['the desktop asks anew', listed(again)],
  ])('is still asked about when %s, and sent', (_what, event) => {
    const state = following(listed(anApproval()), press('not-me'), event);
    expect(shownIn(state)).toMatchObject({ approval: anApproval(), phase: { kind: 'not-me' } });
    const sent = reduceApproval(state, press('not-me', LATE));
    expect(phaseOf(sent)).toEqual({ kind: 'sending', decision: 'not-me' });
  });

  test.each<[string, ApprovalEvent]>([
    ['its time', late],
    ['its end', listed()],
  ])('can be said after %s, and nothing else', (_what, event) => {
    const state = following(listed(anApproval()), event);
    for (const decision of ['approved', 'refused'] as const) {
      expect(canDecide(state, shownIn(state), decision)).toBe(false);
    }
    expect(phaseOf(reduceApproval(state, press('not-me', LATE)))).toEqual({ kind: 'not-me' });
  });

  test.each<[string, ApprovalEvent, string]>([
    ['gone', listed(), 'gone'],
    ['there', listed(anApproval()), 'asking'],
  ])('taken back, a question that is %s is as it is', (_what, event, kind) => {
    const state = following(listed(anApproval()), press('not-me'), event, { kind: 'kept', at: LATER });
    expect(phaseOf(state).kind).toBe(kind);
  });

  test('that stopped nothing is not said again', () => {
    const settled = { kind: 'settled', outcome: { kind: 'refused', reason: 'gone' }, at: LATE } as const;
    const state = following(listed(anApproval()), press('not-me'), press('not-me', LATE), settled);
    expect(phaseOf(state)).toEqual({ kind: 'gone', decision: 'not-me' });
    expect(canDecide(state, shownIn(state), 'not-me')).toBe(false);
  });
});

describe('what becomes of it', () => {
  test('its time is over: it can be decided no more', () => {
    const state = following(listed(anApproval()), { kind: 'ticked', at: NOW + 60_000 });
    expect(isLate(state, shownIn(state))).toBe(true);
    expect(canDecide(state, shownIn(state), 'approved')).toBe(false);
  });

  test('it is gone where the service has it no more, and nobody asks anew', () => {
    expect(phaseOf(following(listed(anApproval()), listed()))).toEqual({ kind: 'gone' });
  });

  test('it stays where its token could not be asked about, and nothing else does', () => {
    const other = anApproval({ id: 'DDDDDDDDDDDDDDDDDDDDDD', tokenId: 'second' });
    const unheard = { ...listed(), unheard: ['first'] } as ApprovalEvent;
    const state = following(listed(other, anApproval()), unheard);
    expect(phaseOf(state)).toEqual({ kind: 'asking' });
    expect(state.list).toEqual([anApproval()]);
    expect(phaseOf(reduceApproval(state, listed(anApproval())))).toEqual({ kind: 'asking' });
    expect(phaseOf(reduceApproval(state, listed()))).toEqual({ kind: 'gone' });
  });

  test('the same desktop asks anew: that one is shown instead', () => {
    const newer = anApproval({ id: 'CCCCCCCCCCCCCCCCCCCCCC', number: '77' });
    expect(shownIn(following(listed(anApproval()), listed(newer))).approval).toEqual(newer);
  });

  test('a decision that was sent is settled by its answer alone', () => {
    expect(phaseOf(following(listed(anApproval()), press('approved'), listed()))).toMatchObject({
      kind: 'sending',
    });
  });

  test('after a lost answer only the same can be sent again', () => {
    const lost = following(listed(anApproval()), press('approved'), {
      kind: 'settled',
      outcome: { kind: 'refused', reason: 'unreachable' },
      at: LATER,
    });
    expect(canDecide(lost, shownIn(lost), 'approved')).toBe(true);
    expect(canDecide(lost, shownIn(lost), 'refused')).toBe(false);
  });

  test('a code that was used is waited for, while it can be refused', () => {
    const state = following(listed(anApproval()), press('approved'), {
      kind: 'settled',
      outcome: { kind: 'wait', waitMs: 20_000 },
      at: LATER,
    });
    expect(canDecide(state, shownIn(state), 'approved')).toBe(false);
    expect(canDecide(state, shownIn(state), 'refused')).toBe(true);
    const due = reduceApproval(state, { kind: 'ticked', at: LATER + 20_000 });
    expect(canDecide(due, shownIn(due), 'approved')).toBe(true);
  });

  test('OK leads to the next one, and what was decided is not shown again', () => {
    const other = anApproval({ id: 'DDDDDDDDDDDDDDDDDDDDDD', desktop: 'Chrome (macOS)' });
    const decided = following(listed(other, anApproval()), press('refused'), {
      kind: 'settled',
      outcome: { kind: 'decided' },
      at: LATER,
    });
    expect(reduceApproval(decided, { kind: 'acknowledged', at: LATER })).toBe(decided);
    const next = reduceApproval(decided, { kind: 'acknowledged', at: LATER + GUARD_MS });
    expect(shownIn(next).approval).toEqual(other);
    const end = reduceApproval(next, { kind: 'acknowledged', at: LATER + 2 * GUARD_MS });
    expect(end.shown).toBeUndefined();
    expect(reduceApproval(end, listed(other, anApproval())).shown).toBeUndefined();
  });

  test.each<[string, ApprovalEvent]>([
    ['gone', listed()],
    ['late', { kind: 'ticked', at: NOW + 60_000 }],
  ])('that the last one is %s makes room for the next', (_what, ended) => {
    const next = anApproval({ id: 'EEEEEEEEEEEEEEEEEEEEEE', until: NOW + 200_000 });
    const state = following(listed(anApproval()), ended);
    const heard = { ...listed(next), at: NOW + 61_000 } as ApprovalEvent;
    expect(shownIn(reduceApproval(state, heard)).approval).toEqual(next);
  });
});

describe('a decision whose answer was lost', () => {
  const lost = (decision: 'approved' | 'refused' | 'not-me', reason: 'unreachable' | 'untrusted') => {
    const shown = following(listed(anApproval()), press(decision));
    const sent = decision === 'not-me' ? reduceApproval(shown, press(decision, LATER + GUARD_MS)) : shown;
    return reduceApproval(sent, { kind: 'settled', outcome: { kind: 'refused', reason }, at: LATER });
  };
  const newer = anApproval({ id: 'CCCCCCCCCCCCCCCCCCCCCC', number: '57', until: NOW + 120_000 });
  const late: ApprovalEvent = { kind: 'ticked', at: NOW + 60_000 };

  test.each(['unreachable', 'untrusted'] as const)('(%s) ends with its time', (reason) => {
    const state = reduceApproval(lost('approved', reason), late);
    expect(isEnded(state, shownIn(state))).toBe(true);
    expect(canDecide(state, shownIn(state), 'approved')).toBe(false);
    expect(canDecide(state, shownIn(state), 'not-me')).toBe(true);
  });

  test.each(['unreachable', 'untrusted'] as const)('(%s) makes room for the next question', (reason) => {
    const state = reduceApproval(lost('approved', reason), listed(newer));
    expect(shownIn(state)).toMatchObject({ approval: newer, phase: { kind: 'asking' } });
  });

  test('can be sent again while it has time: the service may have taken it off the list', () => {
    const state = reduceApproval(lost('refused', 'unreachable'), listed());
    expect(canDecide(state, shownIn(state), 'refused')).toBe(true);
  });

  test('stays where it was 心当たりがない, which stops the token also after its time', () => {
    const state = [listed(newer), late].reduce(reduceApproval, lost('not-me', 'unreachable'));
    expect(isEnded(state, shownIn(state))).toBe(false);
    expect(canDecide(state, shownIn(state), 'not-me')).toBe(true);
  });
});
