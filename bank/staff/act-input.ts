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
  const message = reasonMessage(reason);
  if (message !== undefined) errors.push({ field: 'reason', message });
  return errors;
}

function reasonMessage(reason: string): string | undefined {
  if (reason === '') return '理由を入力してください。';
  if (reasonSchema.safeParse(reason).success) return undefined;
  return reason.length > REASON_MOST
    ? `理由は${REASON_MOST}文字以内で入力してください。`
    : '理由に改行や目に見えない文字が含まれています。1行で入力し直してください。';
}
