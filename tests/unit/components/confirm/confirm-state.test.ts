import { describe, expect, test } from 'vitest';
import {
  type ConfirmEvent,
  type ConfirmState,
  canDecide,
  GUARD_MS,
  isExpired,
  leftMs,
  othersThan,
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
import { aConfirmation, aTwin, START, TRANSFER } from './confirmations.ts';

describe('OK', () => {
  test('is for who has ticked お取引内容を確認しました。, and says so', () => {
    const early = once(listed(waiting), pressed('confirmed'));
    expect(early.shown).toMatchObject({ agreeFirst: true, phase: { kind: 'asking' } });
    const ticked = reduceConfirm(early, agreed);
    expect(ticked.shown?.agreeFirst).toBe(false);
    expect(phase(reduceConfirm(ticked, pressed('confirmed')))).toEqual({
      kind: 'sending',
      decision: 'confirmed',
    });
  });

  test('is not there where the page shows something else, ticked or not', () => {
    const state = once(listed(otherAmount), agreed, pressed('confirmed'));
    expect(phase(state)).toEqual({ kind: 'asking' });
    expect(state.shown && canDecide(state, state.shown, 'confirmed')).toBe(false);
    expect(phase(reduceConfirm(state, pressed('rejected')))).toEqual({
      kind: 'sending',
      decision: 'rejected',
    });
  });

  test('goes as soon as a newer answer says that the page shows something else, and does not come back', () => {
    const seen = once(
      listed(waiting),
      agreed,
      listed(aConfirmation({ onPage: { payee: 'different', amount: 'same' } })),
      listed(waiting),
    );
    expect(seen.shown?.differs).toEqual(['payee']);
    expect(phase(reduceConfirm(seen, pressed('confirmed')))).toEqual({ kind: 'asking' });
  });
});

describe('what cannot be read off the page', () => {
  const unread = (payee: 'same' | 'unread', amount: 'same' | 'unread') =>
    aConfirmation({ onPage: { payee, amount } });

  test.each([
    [unread('unread', 'same'), ['payee']],
    [unread('same', 'unread'), ['amount']],
    [unread('unread', 'unread'), ['payee', 'amount']],
    [unread('same', 'same'), []],
    [waiting, []],
  ])('is said, and leaves OK where it is', (confirmation, fields) => {
    const state = once(listed(confirmation), agreed, pressed('confirmed'));
    expect(state.shown).toMatchObject({ unread: fields, differs: [] });
    expect(phase(state)).toEqual({ kind: 'sending', decision: 'confirmed' });
  });

  test('is said as long as it is so, and each time the buttons move a press waits half a second', () => {
    const seen = once(listed(waiting), listedAt(LATER, unread('same', 'unread')));
    expect(seen.shown).toMatchObject({ unread: ['amount'], since: LATER });
    const read = reduceConfirm(seen, listedAt(LATER + 1, unread('same', 'same')));
    expect(read.shown).toMatchObject({ unread: [], since: LATER + 1 });
    const still = reduceConfirm(read, listedAt(LATER + 2, unread('same', 'same')));
    expect(still.shown?.since).toBe(LATER + 1);
  });

  test('does not take back that something was different', () => {
    const seen = once(listed(otherAmount), listed(unread('unread', 'unread')));
    expect(seen.shown).toMatchObject({ differs: ['amount'] });
    expect(seen.shown && canDecide(seen, seen.shown, 'confirmed')).toBe(false);
  });
});

describe('a press meant for something else', () => {
  test.each(['confirmed', 'rejected', 'not-me'] as const)(
    '%s does nothing in the first half second',
    (decision) => {
      const open = once(listed(waiting), agreed);
      expect(phase(reduceConfirm(open, pressed(decision, LATER - 1)))).toEqual({ kind: 'asking' });
      expect(phase(reduceConfirm(open, pressed(decision, LATER)))?.kind).not.toBe('asking');
    },
  );

  test('the half second begins anew when the screen comes back, and with every new button', () => {
    const back = once(listed(waiting), agreed, { kind: 'appeared', at: START + 9000 });
    expect(phase(reduceConfirm(back, pressed('confirmed', START + 9499)))).toEqual({ kind: 'asking' });
    const doubled = once(listed(waiting), pressed('not-me'), pressed('not-me', LATER + 1));
    expect(phase(doubled)).toEqual({ kind: 'not-me' });
    const warning: ConfirmEvent = {
      kind: 'listed',
      confirmations: [otherAmount],
      failed: [],
      at: LATER,
    };
    const warned = once(listed(waiting), warning);
    expect(phase(reduceConfirm(warned, pressed('rejected', LATER + 1)))).toEqual({ kind: 'asking' });
    const acknowledged = once(listed(waiting), agreed, pressed('confirmed'), settled(), {
      kind: 'acknowledged',
      at: LATER + 1,
    });
    expect(phase(acknowledged)?.kind).toBe('decided');
  });
});

describe('while one is shown', () => {
  test('newer lists leave the very object that was drawn', () => {
    const state = once(listed(waiting), agreed, listed(aTwin(), aConfirmation()));
    expect(state.shown?.confirmation).toBe(waiting);
    expect(state.shown?.agreed).toBe(true);
  });

  test('other details under the same id end it: they are never swapped in', () => {
    const swapped = aConfirmation({}, { transaction: { ...TRANSFER, payee: 'ベツノ ヒト' } });
    const state = once(listed(waiting), agreed, listed(swapped), pressed('confirmed'));
    expect(state.shown?.confirmation).toBe(waiting);
    expect(phase(state)).toEqual({ kind: 'gone' });
  });

  test('gone from the list it stays on screen, and nothing can be decided', () => {
    const state = once(listed(waiting), agreed, listed(aTwin()), pressed('rejected'));
    expect(state.shown?.confirmation).toBe(waiting);
    expect(phase(state)).toEqual({ kind: 'gone' });
  });

  test('confirmed elsewhere it says so', () => {
    const state = once(listed(waiting), listed(aConfirmation({ status: 'confirmed', useBy: START })));
    expect(phase(state)).toMatchObject({ kind: 'decided', decision: 'confirmed' });
  });

  test('a service out of reach takes nothing away', () => {
    const state = once(listed(waiting), {
      kind: 'listed',
      confirmations: [],
      failed: ['senpoku'],
      at: START,
    });
    expect(phase(state)).toEqual({ kind: 'asking' });
  });

  test('a decision on its way keeps the screen from anything else', () => {
    const sending = once(
      listed(waiting, aTwin()),
      { kind: 'opened', confirmation: waiting, at: START },
      agreed,
    );
    const sent = [pressed('confirmed'), { kind: 'closed' } as const, listed(), agreed, pressed('rejected')];
    const state = sent.reduce(reduceConfirm, sending);
    expect(phase(state)).toEqual({ kind: 'sending', decision: 'confirmed' });
  });
});

describe('time', () => {
  const measured = (offsetMs: number): ConfirmEvent => ({
    kind: 'measured',
    institution: 'senpoku',
    offset: { offsetMs, measuredAt: START },
  });
  const expired = (state: ConfirmState) => state.shown && isExpired(state, state.shown);

  test('is the service’s: a clock two hours ahead expires nothing', () => {
    const ahead = once(listed(waiting), { kind: 'ticked', at: START + 7_200_000 });
    expect(expired(ahead)).toBe(false);
    expect(leftMs(ahead, waiting, START)).toBeUndefined();
    expect(expired(reduceConfirm(ahead, measured(-7_200_000)))).toBe(false);
    expect(expired(reduceConfirm(ahead, measured(0)))).toBe(true);
  });

  test('past, the question cannot be answered', () => {
    const state = once(listed(waiting), measured(0), agreed, pressed('confirmed', START + 300_000));
    expect(phase(state)).toEqual({ kind: 'asking' });
    expect(phase(reduceConfirm(state, pressed('confirmed', START + 299_999)))?.kind).toBe('sending');
  });
});

describe('心当たりがない', () => {
  test('is asked about once more, and can be taken back', () => {
    const asked = once(listed(waiting), pressed('not-me'));
    expect(phase(asked)).toEqual({ kind: 'not-me' });
    expect(phase(reduceConfirm(asked, { kind: 'kept', at: LATER }))).toEqual({ kind: 'asking' });
    expect(phase(reduceConfirm(asked, pressed('confirmed', LATER + GUARD_MS)))).toEqual({ kind: 'not-me' });
    expect(phase(reduceConfirm(asked, pressed('not-me', LATER + GUARD_MS)))).toEqual({
      kind: 'sending',
      decision: 'not-me',
    });
  });

  const sends = (state: ConfirmState, at: number) =>
    phase([pressed('not-me', at), pressed('not-me', at + GUARD_MS)].reduce(reduceConfirm, state));

  test('is sent also where the question has ended before, or ends meanwhile', () => {
    const sending = { kind: 'sending', decision: 'not-me' };
    const clock: ConfirmEvent = {
      kind: 'measured',
      institution: 'senpoku',
      offset: { offsetMs: 0, measuredAt: START },
    };
    expect(sends(once(listed(waiting), listed()), LATER)).toEqual(sending);
    expect(sends(once(listed(waiting), clock), START + 300_000)).toEqual(sending);
    const asked = once(listed(waiting), clock, pressed('not-me'), listed());
    expect(phase(asked)).toEqual({ kind: 'not-me' });
    expect(phase(reduceConfirm(asked, pressed('not-me', START + 300_000)))).toEqual(sending);
  });

  test('is taken back to what has become of the question', () => {
    const ended = once(listed(waiting), pressed('not-me'), listed(), { kind: 'kept', at: LATER });
    expect(phase(ended)).toEqual({ kind: 'gone' });
  });

  test('that was too late is not sent again', () => {
    const late = once(
      listed(waiting),
      pressed('not-me'),
      pressed('not-me', LATER + GUARD_MS),
      settled('gone'),
    );
    expect(sends(late, LATER + 2 * GUARD_MS)).toEqual({ kind: 'gone', decision: 'not-me' });
  });
});

describe('several at once', () => {
  test('are chosen from, though payee and amount are the same', () => {
    const twin = aTwin();
    const state = once(listed(twin, waiting));
    expect(state.shown).toBeUndefined();
    expect(state.list.map(({ details }) => details.number)).toEqual(['42', '77']);
    const opened = reduceConfirm(state, { kind: 'opened', confirmation: twin, at: START });
    expect(opened.shown?.confirmation).toBe(twin);
    expect(opened.shown && othersThan(opened, opened.shown)).toEqual([waiting]);
  });

  test('down to one, the list is not swapped for it under the finger', () => {
    expect(once(listed(waiting, aTwin()), listed(waiting)).shown).toBeUndefined();
  });

  test('one alone is shown at once', () => {
    expect(once(listed(waiting)).shown?.confirmation).toBe(waiting);
  });

  test('when one is done the others are still there', () => {
    const done = once(
      listed(waiting, aTwin()),
      { kind: 'opened', confirmation: waiting, at: START },
      agreed,
      pressed('confirmed'),
      settled(),
      { kind: 'acknowledged', at: LATER + GUARD_MS },
    );
    expect(done.shown).toBeUndefined();
    expect(done.list.map(({ details }) => details.number)).toEqual(['77']);
  });
});

test('what is over is not shown when the screen is opened again', () => {
  const gone = once(listed(waiting), listed());
  expect(reduceConfirm(gone, { kind: 'appeared', at: LATER }).shown).toBeUndefined();
});

describe('a notice was pressed', () => {
  const wanted: ConfirmEvent = { kind: 'wanted', institution: waiting.details.institution };
  const shownId = ({ shown }: ConfirmState) => shown?.confirmation.details.confirmation;
  const latest = aTwin();

  test('its latest is opened of several, and the others are in the list', () => {
    const state = once(wanted, listed(waiting, latest));
    expect(shownId(state)).toBe(latest.details.confirmation);
    expect(reduceConfirm(state, { kind: 'closed' })).toMatchObject({ choosing: true, shown: undefined });
    expect(state.list).toHaveLength(2);
  });

  test('and once only: what comes later is in the list', () => {
    const state = once(wanted, listed(waiting), listed(waiting, latest));
    expect(shownId(state)).toBe(waiting.details.confirmation);
  });

  test('while the token is locked it waits for what is told then', () => {
    const state = once(wanted, listed(), listed(waiting, latest));
    expect(shownId(state)).toBe(latest.details.confirmation);
  });

  test('it takes nothing away whose decision is on its way', () => {
    const state = once(listed(waiting), agreed, pressed('confirmed'), wanted, listed(waiting, latest));
    expect(shownId(state)).toBe(waiting.details.confirmation);
  });

  test('of another institution leaves the list as it is', () => {
    const state = once({ kind: 'wanted', institution: 'akita' }, listed(waiting, latest));
    expect(state.shown).toBeUndefined();
  });
});
