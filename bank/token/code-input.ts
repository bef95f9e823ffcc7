import type { Institution } from '../../core/institution/directory.ts';
import { normaliseDigits } from '../../core/otp/code.ts';
import type { FieldError } from '../web/form.ts';

/** The same words whatever the reason: what failed is not told (RTS 2018/389 Art. 4(3)(a)). */
export const CODE_NOT_ACCEPTED: FieldError = {
  field: 'otp',
  message:
    'ワンタイムパスワードが正しくないか、すでに使用されています。トークンに新しいパスワードが表示されてから、もう一度入力してください。',
};

/** Of another length than the token's codes: the service has counted nothing. */
export const CODE_LENGTH_WRONG: FieldError = {
  field: 'otp',
  message:
    'ワンタイムパスワードの桁数が正しくありません。トークンに表示されている数字を、すべて入力してください。',
};

export type OtpInput =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'wrong'; readonly error: FieldError };

/**
 * The lengths of codes there are. A token keeps the length it was issued with, which may be another than the directory says
 * now: the service, which knows whose is which, refuses the others.
 */
const CODE = /^(?:[0-9]{6}|[0-9]{8})$/;

/** A code as typed, in full-width digits or with spaces, or what is wrong with it. */
export function readOtp(typed: string | undefined, { otp }: Institution): OtpInput {
  const code = normaliseDigits(typed ?? '');
  if (CODE.test(code)) return { kind: 'code', code };
  return {
    kind: 'wrong',
    error: { field: 'otp', message: `半角数字${otp.digits}桁で入力してください。` },
  };
}
