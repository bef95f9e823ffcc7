import { japaneseMinute } from '../japanese-time.ts';
import type { Login } from '../store/customers.ts';
import { banner, facts, navigation, section } from './form.ts';
import { type Html, html } from './html.ts';

export interface TopState {
  readonly name: string;
  readonly balance: number;
  readonly asOf: number;
  readonly logins: readonly Login[];
  readonly dailyLimitWithoutOtp: number;
}

const METHODS: Record<string, string> = {
  password: 'ログインパスワード',
  otp: 'ログインパスワードとワンタイムパスワード',
};

export function topContent({ name, balance, asOf, logins, dailyLimitWithoutOtp }: TopState): Html {
  const limit = `${dailyLimitWithoutOtp / 10_000}万円`;
  return html`<p class="greeting">${name} 様</p>
${section(
  '口座残高',
  html`<div class="balance"><p class="balance-account">普通預金 <span class="balance-branch">（代表口座）</span></p><p class="balance-amount"><span class="yen">¥</span>${balance.toLocaleString('ja-JP')}</p><p class="balance-time">${japaneseMinute(asOf)} 現在</p></div>`,
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
  html`<p class="lead">ログインのたびに使い捨てのパスワードを入力することにより、不正利用の防止を強化することができます。ワンタイムパスワード未利用時の一日あたりの振込・振替限度額は${limit}までです。</p>${navigation([{ label: 'ワンタイムパスワード申請へ', path: '/otp', kind: 'secondary' }])}`,
)}`;
}

/** A screen of the menu that comes later. */
export function inPreparationContent(what: string): Html {
  return html`${banner('info', `「${what}」の画面は準備中です。`)}
<p class="lead">この参考実装では、まだご利用いただけません。口座残高とログイン履歴はトップページでご確認いただけます。</p>
${navigation([{ label: 'トップページへ', path: '/top' }])}`;
}

export function firstUseContent(): Html {
  return html`${banner('info', '「初回利用登録」の画面は準備中です。')}
<p class="lead">この参考実装のお客さまは、あらかじめ登録されています。ログイン画面からログインしてください。</p>
${navigation([{ label: 'ログイン画面へ', path: '/' }])}`;
}
