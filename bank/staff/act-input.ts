import { REASON_MOST, reasonSchema } from '../../core/api/staff.ts';
import { addressError } from '../web/address.ts';
import type { FieldError } from '../web/form.ts';
import type { ActName } from './acts.ts';

/** What a clerk typed for an act. */
export interface ActInput {
  readonly reason: string;
  /** From the paper; empty for other acts. */
  readonly email: string;
}

export function readActInput(form: ReadonlyMap<string, string>): ActInput {
  return { reason: (form.get('reason') ?? '').trim(), email: (form.get('email') ?? '').trim() };
}

/** What is wrong, in the order of the fields; empty where nothing is. */
export function actInputErrors(act: ActName, { reason, email }: ActInput): FieldError[] {
  const address =
    act === 'register' ? addressError('メールアドレス', { email, emailAgain: email }) : undefined;
  const errors = address === undefined ? [] : [address];
  const wrong = reasonError('理由', reason);
  return wrong === undefined ? errors : [...errors, wrong];
}

/** @param label of the row it was typed in */
export function reasonError(label: string, reason: string): FieldError | undefined {
  const field = 'reason';
  if (reason === '') return { field, message: `${label}を入力してください。` };
  if (reasonSchema.safeParse(reason).success) return undefined;
  return reason.length > REASON_MOST
    ? { field, message: `${label}は${REASON_MOST}文字以内で入力してください。` }
    : { field, message: `${label}に改行や目に見えない文字が含まれています。1行で入力し直してください。` };
}
