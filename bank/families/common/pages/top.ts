import { japaneseMinute } from '../../../format.ts';
import type { Account } from '../../../store/accounts.ts';
import type { Login } from '../../../store/customers.ts';
import { facts, navigation, section } from '../../../web/form.ts';
import { type Html, html, nothing } from '../../../web/html.ts';
import { balance } from './accounts.ts';

export interface TopState {
  readonly name: string;
  readonly accounts: readonly Account[];
  readonly asOf: number;
  /** The token's 有効期限, where it is near. */
  readonly endsAt: number | undefined;
  readonly logins: readonly Login[];
}

const METHODS: Readonly<Record<string, string>> = {
  password: 'ログインパスワード',
  otp: 'ログインパスワードとワンタイムパスワード',
};

/** トップページ. @param ending that the token ends soon, and what to do */
export function topContent(
  { name, accounts, asOf, endsAt, logins }: TopState,
  ending: (endsAt: number, now: number) => Html,
): Html {
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
)}`;
}
