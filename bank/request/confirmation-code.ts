import { normaliseDigits } from '../../core/otp/code.ts';
import type { RequestRow } from '../store/requests.ts';
import type { FieldError } from '../web/form.ts';

const FIELD = 'confirmation_code';

/** The token service refused the code; most often it is a login code. */
export const CONFIRMATION_CODE_NOT_ACCEPTED: FieldError = {
  field: FIELD,
  message:
    '取引認証コードが正しくありません。トークンアプリの「取引認証」に表示された8桁の数字を入力してください。ログイン用のワンタイムパスワードでは確定できません。',
};

/** Reads the 取引認証コード as typed, with full-width digits or spaces; none if the request's mode needs none. */
export function readConfirmationCode(
  { mode }: RequestRow,
  typed: string | undefined,
): { readonly code: string | undefined } | { readonly error: FieldError } {
  if (mode !== 'code') return { code: undefined };
  const code = normaliseDigits(typed ?? '');
  if (/^[0-9]{8}$/.test(code)) return { code };
  const message =
    code === '' ? '取引認証コードを入力してください。' : '取引認証コードは半角数字8桁で入力してください。';
  return { error: { field: FIELD, message } };
}
