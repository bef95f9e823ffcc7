import { normaliseDigits } from '../../core/otp/code.ts';
import type { RequestRow } from '../store/requests.ts';
import type { FieldError } from '../web/form.ts';

const FIELD = 'confirmation_code';

/** Refused by the token service; a login code is the most likely mistake. */
export const CONFIRMATION_CODE_NOT_ACCEPTED: FieldError = {
  field: FIELD,
  message:
    '取引認証コードが正しくありません。トークンアプリの「取引認証」に表示された8桁の数字を入力してください。ログイン用のワンタイムパスワードでは確定できません。',
};

/** The 取引認証コード as typed, in full-width digits or with spaces; none where the request's mode wants none. */
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
