import type { Institution } from '../core/institution/directory.ts';
import { normaliseDigits } from '../core/otp/code.ts';
import type { FieldError } from './pages/form.ts';

/** The same words whatever the reason: what failed is not told (RTS 2018/389 Art. 4(3)(a)). */
export const CODE_NOT_ACCEPTED: FieldError = {
  field: 'otp',
  message:
    'ワンタイムパスワードが正しくないか、すでに使用されています。トークンに新しいパスワードが表示されてから、もう一度入力してください。',
};

export type OtpInput =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'wrong'; readonly error: FieldError };

/** A code as typed, in full-width digits or with spaces, or what is wrong with it. */
export function readOtp(typed: string | undefined, { otp }: Institution): OtpInput {
  const code = normaliseDigits(typed ?? '');
  if (/^[0-9]+$/.test(code) && code.length === otp.digits) return { kind: 'code', code };
  return {
    kind: 'wrong',
    error: { field: 'otp', message: `半角数字${otp.digits}桁で入力してください。` },
  };
}
