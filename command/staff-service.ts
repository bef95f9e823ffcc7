import type { ServiceAnswer } from '../bank/token/client.ts';
import { createStaffClient, type StaffClient } from '../bank/token/staff-client.ts';
import type { ProblemCode } from '../core/errors.ts';
import type { Settings } from '../host/settings.ts';
import { CannotTellError } from './errors.ts';
import { staffKeyOf } from './staff-key.ts';

/** The running token service, as an institution's staff see it. */
export function staffClientOf(settings: Settings, institution: string): StaffClient {
  const staffKey = staffKeyOf(settings, institution);
  return createStaffClient({ url: settings.tokenServiceUrl, fetch, apiKey: () => staffKey });
}

export const RATE_LIMITED = 'too many requests; try again later';

const REFUSALS: Partial<Record<ProblemCode, string>> = {
  invalid_request: 'that is no ユーザID or serial',
  token_unknown: 'the institution has no such token',
  unauthorized: 'the key of the staff is not in force; see key list',
  key_not_allowed: 'the key is not one of staff',
  rate_limited: RATE_LIMITED,
};

/** What the service answered. @throws CannotTellError where it did not, or refused */
export function answerOf<Value>(answer: ServiceAnswer<Value>): Value {
  if (answer.kind === 'ok') return answer.value;
  if (answer.kind === 'problem' && answer.code !== 'unavailable') {
    throw new CannotTellError(REFUSALS[answer.code] ?? `the token service refused: ${answer.code}`);
  }
  throw new CannotTellError(
    'the token service does not answer; what was asked may have been done: look with token show',
  );
}
