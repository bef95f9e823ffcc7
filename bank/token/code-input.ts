import { normaliseDigits } from '../../core/otp/code.ts';
import type { FieldError } from '../web/form.ts';

/** The same words for every reason: they must not tell what was wrong (RTS 2018/389 Art. 4(3)(a)). */
export const CODE_NOT_ACCEPTED: FieldError = {
  field: 'otp',
  message:
    'ワンタイムパスワードが正しくないか、すでに使用されています。トークンに新しいパスワードが表示されてから、もう一度入力してください。',
};

/** The length differs from that of the token's codes: the service did not count a wrong code. */
export const CODE_LENGTH_WRONG: FieldError = {
  field: 'otp',
  message:
    'ワンタイムパスワードの桁数が正しくありません。トークンに表示されている数字を、すべて入力してください。',
};

export type OtpInput =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'wrong'; readonly error: FieldError };

/**
 * Every length of codes. A token keeps the length it was issued with, which may differ from the directory's present one;
 * the service knows the token and refuses a wrong length.
 */
const CODE = /^(?:[0-9]{6}|[0-9]{8})$/;

/** Normalises a typed code, which may have full-width digits or spaces, or says what is wrong with it. */
export function readOtp(typed: string | undefined): OtpInput {
  const code = normaliseDigits(typed ?? '');
  if (CODE.test(code)) return { kind: 'code', code };
  return {
    kind: 'wrong',
    error: { field: 'otp', message: 'トークンに表示されている数字を、すべて半角数字で入力してください。' },
  };
}
