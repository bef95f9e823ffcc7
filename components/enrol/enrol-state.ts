import { normaliseDigits } from '../../core/otp/code.ts';
import type { EnrolInput, EnrolRefusal } from '../../core/vault/enroller.ts';
import type { TextKey } from '../text.ts';

export type EnrolField = keyof EnrolInput;

export const ENROL_FIELDS: readonly EnrolField[] = ['serviceId', 'userId', 'activationPassword'];

export type EnrolPhase =
  | { readonly kind: 'editing' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'refused'; readonly reason: EnrolRefusal };

export interface EnrolState {
  /** The text as typed. Full-width digits and spaces stay until it is sent or the field is left. */
  readonly values: EnrolInput;
  readonly agreed: boolean;
  readonly problems: Readonly<Partial<Record<EnrolField, TextKey>>>;
  readonly phase: EnrolPhase;
}

export type EnrolEvent =
  | { readonly kind: 'typed'; readonly field: EnrolField; readonly value: string }
  | { readonly kind: 'left'; readonly field: EnrolField }
  | { readonly kind: 'agreed'; readonly agreed: boolean }
  | { readonly kind: 'submitted' }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'refused'; readonly reason: EnrolRefusal };

export const emptyEnrolment: EnrolState = {
  values: { serviceId: '', userId: '', activationPassword: '' },
  agreed: false,
  problems: {},
  phase: { kind: 'editing' },
};

interface Rule {
  readonly shape: RegExp;
  readonly empty: TextKey;
  readonly wrong: TextKey;
}

const RULES: Record<EnrolField, Rule> = {
  serviceId: { shape: /^[0-9]{8}$/, empty: 'serviceIdEmpty', wrong: 'serviceIdWrong' },
  userId: { shape: /^[0-9]{12}$/, empty: 'userIdEmpty', wrong: 'userIdWrong' },
  activationPassword: {
    shape: /^[0-9]{4,8}$/,
    empty: 'activationPasswordEmpty',
    wrong: 'activationPasswordWrong',
  },
};

/** What is wrong with a field, as a sentence; undefined if it can be sent. */
export function fieldProblem(field: EnrolField, value: string): TextKey | undefined {
  const { shape, empty, wrong } = RULES[field];
  const digits = normaliseDigits(value);
  if (digits === '') return empty;
  return shape.test(digits) ? undefined : wrong;
}

/** The fields that cannot be sent, each with its problem. */
export function enrolProblems(values: EnrolInput): EnrolState['problems'] {
  const problems: Partial<Record<EnrolField, TextKey>> = {};
  for (const field of ENROL_FIELDS) {
    const problem = fieldProblem(field, values[field]);
    if (problem) problems[field] = problem;
  }
  return problems;
}

export function reduceEnrol(state: EnrolState, event: EnrolEvent): EnrolState {
  if (state.phase.kind === 'sending') return reduceSending(state, event);
  switch (event.kind) {
    case 'typed':
      return withValue(state, event.field, event.value);
    case 'left':
      return leave(state, event.field);
    case 'agreed':
      return { ...state, agreed: event.agreed };
    case 'submitted':
      return submit(state);
    default:
      return state;
  }
}

/** While the form is being sent, only the result changes it. */
function reduceSending(state: EnrolState, event: EnrolEvent): EnrolState {
  if (event.kind === 'aborted') return { ...state, phase: { kind: 'aborted' } };
  if (event.kind === 'refused') return { ...state, phase: { kind: 'refused', reason: event.reason } };
  return state;
}

function withValue(state: EnrolState, field: EnrolField, value: string): EnrolState {
  const values = { ...state.values, [field]: value };
  // a problem disappears as soon as it is fixed, and no new one appears while typing
  const mended = state.problems[field] && fieldProblem(field, value) === undefined;
  return { ...state, values, problems: mended ? { ...state.problems, [field]: undefined } : state.problems };
}

/** Leaving a field tidies its text. A new problem is shown only after 送信, as it would move the button under the pointer. */
function leave(state: EnrolState, field: EnrolField): EnrolState {
  const typed = state.values[field];
  if (fieldProblem(field, typed) !== undefined) return state;
  return { ...state, values: { ...state.values, [field]: normaliseDigits(typed) } };
}

function submit(state: EnrolState): EnrolState {
  if (!state.agreed) return state;
  const problems = enrolProblems(state.values);
  const phase: EnrolPhase = { kind: Object.keys(problems).length === 0 ? 'sending' : 'editing' };
  return { ...state, problems, phase };
}

/** The values to send: plain digits. */
export function enrolInput({ serviceId, userId, activationPassword }: EnrolInput): EnrolInput {
  return {
    serviceId: normaliseDigits(serviceId),
    userId: normaliseDigits(userId),
    activationPassword: normaliseDigits(activationPassword),
  };
}

/** The text for each refusal. */
export const REFUSAL_TEXTS: Record<EnrolRefusal, TextKey> = {
  'unknown-service': 'enrolUnknownService',
  refused: 'enrolRefused',
  'too-often': 'enrolTooOften',
  unreachable: 'enrolUnreachable',
  unavailable: 'enrolUnavailable',
  untrusted: 'enrolUntrusted',
  clock: 'enrolClock',
  storage: 'enrolStorage',
};
