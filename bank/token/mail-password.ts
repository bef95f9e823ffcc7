import type { Policy } from '../../core/institution/policy.ts';
import type { RandomBytes } from '../../core/vault/seal.ts';
import { equalInConstantTime } from '../../host/compare.ts';
import { sha256 } from '../keys.ts';
import type { FieldError } from '../web/form.ts';
import type { MailPassword } from '../web/session-data.ts';

/** メール通知パスワード: 8 digits sent by mail, for one application. */
const DIGITS = 8;
const TYPED = new RegExp(`^[0-9]{${DIGITS}}$`);

export const MAIL_PASSWORD_FIELD = 'mail_password';

/** @returns why what was typed is not worth checking; that counts as no try */
export function typedMailPasswordError(typed: string): FieldError | undefined {
  if (TYPED.test(typed)) return undefined;
  const message =
    typed === ''
      ? 'メール通知パスワードを入力してください。'
      : `メール通知パスワードは半角数字${DIGITS}桁で入力してください。`;
  return { field: MAIL_PASSWORD_FIELD, message };
}

export function newMailPassword(randomBytes: RandomBytes): string {
  // Bytes of 250 and above are dropped, so that all ten digits are equally likely.
  let digits = '';
  while (digits.length < DIGITS) {
    for (const byte of randomBytes(16)) {
      if (byte < 250 && digits.length < DIGITS) digits += String(byte % 10);
    }
  }
  return digits;
}

export function sentMailPassword(password: string, sentAt: number): MailPassword {
  return { hash: sha256(password), sentAt, wrong: 0 };
}

/** used-up: too many tries were wrong, this one included */
export type MailPasswordCheck = 'right' | 'wrong' | 'expired' | 'used-up';

export function checkMailPassword(
  { hash, sentAt, wrong }: MailPassword,
  typed: string,
  now: number,
  { mailPasswordMinutes, wrongMailPasswords }: Policy,
): MailPasswordCheck {
  if (now - sentAt > mailPasswordMinutes * 60_000) return 'expired';
  if (wrong >= wrongMailPasswords) return 'used-up';
  if (equalInConstantTime(sha256(typed), hash)) return 'right';
  return wrong + 1 < wrongMailPasswords ? 'wrong' : 'used-up';
}

const AGAIN = '「戻る」を押し、もう一度「次へ」を押すと、新しいメール通知パスワードが送信されます。';

export const mailPasswordMessages = ({
  mailPasswordMinutes,
}: Policy): Record<Exclude<MailPasswordCheck, 'right'>, string> => ({
  wrong:
    'メール通知パスワードが正しくありません。送信日時が同じメールをご確認のうえ、もう一度入力してください。',
  expired: `メール通知パスワードの有効期限（送信から${mailPasswordMinutes}分間）が過ぎています。${AGAIN}`,
  'used-up': `メール通知パスワードが一定回数以上間違えて入力されたため、無効になりました。${AGAIN}`,
});
