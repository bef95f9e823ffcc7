import { describe, expect, test } from 'vitest';
import { issueCompleteContent } from '../../../bank/families/anser/pages/issue.ts';
import { loginStoppedContent } from '../../../bank/families/anser/pages/login.ts';
import { activatedMail, lockedMail } from '../../../bank/mail/texts.ts';
import { institutionOf, SENPOKU } from '../../institutions.ts';

/** Pages and mails that differ by what an institution's guide says. */

const AKITA = institutionOf('akita');
const AT = Date.UTC(2026, 10, 29);

describe('a locked token', () => {
  const FORM = 'お取引店舗の窓口に、当組合所定の申込書をご提出ください';
  const CALL = '当組合にて停止状態の解除を実施いたしますので、下記までご連絡';

  test('004 ３(2): at akita takes a form at the counter', () => {
    for (const text of [String(loginStoppedContent(AKITA, 'locked')), lockedMail(AKITA, AT).text]) {
      expect(text).toContain(FORM);
      expect(text).not.toContain(CALL);
    }
  });

  test('003: at senpoku takes a call', () => {
    for (const text of [String(loginStoppedContent(SENPOKU, 'locked')), lockedMail(SENPOKU, AT).text]) {
      expect(text).toContain(CALL);
      expect(text).not.toContain(FORM);
    }
  });
});

test.each([
  ['aomoriken', 'ワンタイムPWアプリでの確認が必要です'],
  ['senpoku', 'ワンタイムパスワードの入力が必要です'],
])('the mail of 利用開始 says what the next login at %s asks for', (key, asks) => {
  expect(activatedMail(institutionOf(key), AT).text).toContain(`ログインパスワードに加えて${asks}`);
});

test('BOT003 names the address by the guides’ word', () => {
  const done = { email: 'taro@example.jp', serviceId: '10112235', userId: '123456789012' };
  expect(String(issueCompleteContent(done))).toContain('<h2>送付先メールアドレス</h2>');
});
