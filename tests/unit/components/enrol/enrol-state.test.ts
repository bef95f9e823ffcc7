import { describe, expect, test } from 'vitest';
import {
  type EnrolEvent,
  emptyEnrolment,
  enrolInput,
  fieldProblem,
  reduceEnrol,
} from '../../../../components/enrol/enrol-state.ts';

const once = (...events: EnrolEvent[]) => events.reduce(reduceEnrol, emptyEnrolment);
const typed = {
  serviceId: { kind: 'typed', field: 'serviceId', value: '１０１１ ２２３５' },
  userId: { kind: 'typed', field: 'userId', value: '999800000001' },
  activationPassword: { kind: 'typed', field: 'activationPassword', value: '1234' },
} as const satisfies Record<string, EnrolEvent>;
const filled = [typed.serviceId, typed.userId, typed.activationPassword] as const;
const agreed: EnrolEvent = { kind: 'agreed', agreed: true };
const submitted: EnrolEvent = { kind: 'submitted' };

describe('what can be sent', () => {
  test.each([
    ['serviceId', '', 'serviceIdEmpty'],
    ['serviceId', '　', 'serviceIdEmpty'],
    ['serviceId', '1011223', 'serviceIdWrong'],
    ['serviceId', '1011223a', 'serviceIdWrong'],
    ['serviceId', '1011-2235', undefined],
    ['userId', '99980000000', 'userIdWrong'],
    ['userId', '９９９８ ００００ ０００１', undefined],
    ['activationPassword', '123', 'activationPasswordWrong'],
    ['activationPassword', '123456789', 'activationPasswordWrong'],
    ['activationPassword', '12345678', undefined],
  ] as const)('%s %j', (field, value, problem) => {
    expect(fieldProblem(field, value)).toBe(problem);
  });

  test('digits go out plain', () => {
    const { values } = once(...filled);
    expect(enrolInput(values)).toEqual({
      serviceId: '10112235',
      userId: '999800000001',
      activationPassword: '1234',
    });
  });
});

describe('送信', () => {
  test('does nothing before the terms are agreed to', () => {
    expect(once(...filled, submitted).phase.kind).toBe('editing');
  });

  test('names every field that cannot be sent, and keeps what was typed', () => {
    const state = once(typed.serviceId, agreed, submitted);
    expect(state.phase.kind).toBe('editing');
    expect(state.problems).toEqual({ userId: 'userIdEmpty', activationPassword: 'activationPasswordEmpty' });
    expect(state.values.serviceId).toBe('１０１１ ２２３５');
  });

  test('a problem goes when it is mended, and none comes while typing', () => {
    const wrong = once(agreed, submitted);
    const mending = reduceEnrol(wrong, { kind: 'typed', field: 'userId', value: '9998' });
    expect(mending.problems.userId).toBe('userIdEmpty');
    expect(reduceEnrol(mending, typed.userId).problems.userId).toBeUndefined();
    expect(once({ kind: 'typed', field: 'userId', value: '9' }).problems).toEqual({});
  });

  test('leaving a field shows its plain digits, and nothing that moves the button', () => {
    const tidy = once(typed.serviceId, { kind: 'left', field: 'serviceId' });
    expect(tidy.values.serviceId).toBe('10112235');
    const untidy = once(
      { kind: 'typed', field: 'serviceId', value: 'あ１' },
      { kind: 'left', field: 'serviceId' },
    );
    expect(untidy.values.serviceId).toBe('あ１');
    expect(untidy.problems).toEqual({});
  });

  test('while it is being sent nothing can be typed or sent again', () => {
    const sending = once(...filled, agreed, submitted);
    expect(sending.phase.kind).toBe('sending');
    expect(reduceEnrol(sending, submitted)).toBe(sending);
    expect(reduceEnrol(sending, { kind: 'typed', field: 'userId', value: '1' })).toBe(sending);
    expect(reduceEnrol(sending, { kind: 'agreed', agreed: false })).toBe(sending);
  });

  test('a refusal and an abort keep everything typed', () => {
    const sending = once(...filled, agreed, submitted);
    const refused = reduceEnrol(sending, { kind: 'refused', reason: 'unreachable' });
    expect(refused).toEqual({ ...sending, phase: { kind: 'refused', reason: 'unreachable' } });
    const aborted = reduceEnrol(sending, { kind: 'aborted' });
    expect(aborted).toEqual({ ...sending, phase: { kind: 'aborted' } });
    expect(reduceEnrol(aborted, submitted).phase.kind).toBe('sending');
  });

  test('an answer that comes after the abort changes nothing', () => {
    const aborted = once(...filled, agreed, submitted, { kind: 'aborted' });
    expect(reduceEnrol(aborted, { kind: 'refused', reason: 'refused' })).toBe(aborted);
  });
});
