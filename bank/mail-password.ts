import type { RandomBytes } from '../core/vault/seal.ts';
import { equalInConstantTime, sha256 } from './keys.ts';
import type { MailPassword } from './session-data.ts';

/** メール通知パスワード: 8 digits by mail, for one application. */
const DIGITS = 8;
export const MAIL_PASSWORD_LIFETIME_MS = 10 * 60_000;
export const MAX_MAIL_PASSWORD_TRIES = 5;

/** So many mails may a customer cause in {@link MAIL_WINDOW_MS}: addresses are typed, and may be a stranger's. */
export const MAX_MAILS = 5;
export const MAIL_WINDOW_MS = 15 * 60_000;

export function newMailPassword(randomBytes: RandomBytes): string {
  // Bytes of 250 and above are dropped: all ten digits are equally likely.
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

export type MailPasswordCheck = 'right' | 'wrong' | 'expired' | 'used-up';

export function checkMailPassword(
  { hash, sentAt, wrong }: MailPassword,
  typed: string,
  now: number,
): MailPasswordCheck {
  if (now - sentAt > MAIL_PASSWORD_LIFETIME_MS) return 'expired';
  if (wrong >= MAX_MAIL_PASSWORD_TRIES) return 'used-up';
  return equalInConstantTime(sha256(typed), hash) ? 'right' : 'wrong';
}

const AGAIN = '「戻る」を押し、もう一度「次へ」を押すと、新しいメール通知パスワードが送信されます。';

export const MAIL_PASSWORD_MESSAGES: Record<Exclude<MailPasswordCheck, 'right'>, string> = {
  wrong:
    'メール通知パスワードが正しくありません。送信日時が同じメールをご確認のうえ、もう一度入力してください。',
  expired: `メール通知パスワードの有効期限（送信から10分間）が過ぎています。${AGAIN}`,
  'used-up': `メール通知パスワードが一定回数以上間違えて入力されたため、無効になりました。${AGAIN}`,
};
