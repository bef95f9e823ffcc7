import { daysLeft } from '../../../../core/institution/expiry.ts';
import { japaneseMinute, minuteInJapan } from '../../../format.ts';
import type { Account } from '../../../store/accounts.ts';
import type { Login } from '../../../store/customers.ts';
import { banner, facts, navigation, section } from '../../../web/form.ts';
import { type Html, html, nothing } from '../../../web/html.ts';
import { balance } from '../../common/pages/accounts.ts';

export interface TopState {
  readonly name: string;
  readonly accounts: readonly Account[];
  readonly asOf: number;
  /** The token's 有効期限, where it is near. */
  readonly endsAt: number | undefined;
  readonly logins: readonly Login[];
  readonly dailyLimitWithoutOtp: number;
  /** Where to apply for one-time passwords, to a customer who has still to do it on paper. */
  readonly applyFirst: string | undefined;
}

const METHODS: Record<string, string> = {
  password: 'ログインパスワード',
  otp: 'ログインパスワードとワンタイムパスワード',
};

export function topContent(state: TopState): Html {
  const { name, accounts, asOf, endsAt, logins, dailyLimitWithoutOtp, applyFirst } = state;
  const limit = `${dailyLimitWithoutOtp / 10_000}万円`;
  return html`<p class="greeting">${name} 様</p>
${endsAt === undefined ? nothing : ending(endsAt, asOf)}
${section(
  '口座残高',
  html`${accounts.slice(0, 1).map((account) => balance(account, asOf))}${navigation([
    { label: '口座情報へ', path: '/accounts', kind: 'secondary' },
    { label: '振込・振替へ', path: '/transfer', kind: 'secondary' },
  ])}`,
)}
${section(
  'ログイン履歴',
  logins.length === 0
    ? html`<p class="lead">ログインの記録はまだありません。</p>`
    : facts(
        logins.map(({ at, method }, index) => ({
          name: index === 0 ? '今回' : index === 1 ? '前回' : '前々回',
          value: html`<span class="nowrap">${japaneseMinute(at.getTime())}</span> <span class="login-method">${METHODS[method] ?? method}</span>`,
        })),
      ),
  'お心当たりのないログインがある場合は、すぐにご連絡ください。',
)}
${section(
  'ワンタイムパスワード',
  html`<p class="lead">ログインのたびに使い捨てのパスワードを入力することにより、不正利用の防止を強化することができます。ワンタイムパスワード未利用時の一日あたりの振込・振替限度額は${limit}までです。</p>${toOtp(applyFirst)}`,
)}`;
}

/** That the token ends soon, and the way to renew it. */
const ending = (endsAt: number, now: number): Html =>
  section(
    'トークンの有効期限のお知らせ',
    html`${banner(
      'info',
      `お使いのトークンの有効期限は${minuteInJapan(endsAt)}です。あと${daysLeft(endsAt, now)}日で、インターネットバンキングにログインできなくなります。`,
    )}${navigation([{ label: '有効期限の更新へ', path: '/otp/renew', kind: 'primary' }])}`,
  );

const toOtp = (applyFirst: string | undefined): Html =>
  applyFirst === undefined
    ? navigation([{ label: 'ワンタイムパスワード申請へ', path: '/otp', kind: 'secondary' }])
    : html`<p class="lead">${applyFirst}</p>${navigation([{ label: 'お申し込みのご案内へ', path: '/otp', kind: 'secondary' }])}`;

export function firstUseContent(): Html {
  return html`${banner('info', '「初回利用登録」の画面は準備中です。')}
<p class="lead">この参考実装のお客さまは、あらかじめ登録されています。ログイン画面からログインしてください。</p>
${navigation([{ label: 'ログイン画面へ', path: '/' }])}`;
}
