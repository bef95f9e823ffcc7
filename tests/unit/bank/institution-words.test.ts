import { describe, expect, test } from 'vitest';
import { helpContent } from '../../../bank/families/anser/pages/help.ts';
import { issueCompleteContent } from '../../../bank/families/anser/pages/issue.ts';
import { loginStoppedContent } from '../../../bank/families/anser/pages/login.ts';
import { activatedMail, issueMail, lockedMail } from '../../../bank/mail/texts.ts';
import { suspendElsewhere } from '../../../bank/token/ways.ts';
import { policyOf } from '../../../core/institution/policy.ts';
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
  ['aomoriken', 'トークンアプリでの確認が必要です'],
  ['senpoku', 'ワンタイムパスワードの入力が必要です'],
])('the mail of 利用開始 says what the next login at %s asks for', (key, asks) => {
  expect(activatedMail(institutionOf(key), AT).text).toContain(`ログインパスワードに加えて${asks}`);
});

test('BOT002 names the address by the guides’ word, and the last day of 初期設定 as its mail does', () => {
  const done = { email: 'taro@example.jp', serviceId: '10112235', userId: '123456789012' };
  const page = String(issueCompleteContent(policyOf(SENPOKU), done));
  expect(page).toContain('<h2>送付先メールアドレス</h2>');
  const mail = issueMail(SENPOKU, done.serviceId, done.userId).text;
  for (const text of [page, mail]) {
    expect(text).toContain(`お申込みから${policyOf(SENPOKU).enrolWithinDays}日以内に`);
  }
});

describe('where the directory names no place beside the pages', () => {
  const rules = { ...SENPOKU.rules, release: [{ by: 'self-service' as const }] };
  const byPages = { ...SENPOKU, rules };
  const byStaff = {
    ...SENPOKU,
    rules: { ...rules, suspend: 'staff' as const, application: 'counter' as const },
  };

  test('お困りのとき names the telephone', () => {
    const help = String(helpContent(byPages));
    expect(help).toContain('見つからない場合は、お電話で、利用解除をお申し込みください。');
    expect(help).toContain('でのお手続きが必要です。お電話で、利用解除をお申し込みください。');
    expect(help).toContain('端末がない場合は、お電話で、利用解除をお申し込みください。');
  });

  test('so does whatever says who suspends and resumes', () => {
    const help = String(helpContent(byStaff));
    expect(help).toContain('利用停止のお手続きは、お電話で承ります。');
    expect(help).toContain('利用の再開は、お電話で承ります。');
    expect(suspendElsewhere(byStaff)).toContain('トークンの利用停止は、お電話で承ります。');
  });
});
