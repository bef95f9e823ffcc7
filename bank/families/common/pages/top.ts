import { japaneseMinute } from '../../../format.ts';
import type { Account } from '../../../store/accounts.ts';
import type { Login } from '../../../store/customers.ts';
import { type Fact, facts, navigation, section } from '../../../web/form.ts';
import { type Html, html, nothing } from '../../../web/html.ts';
import { balance } from './accounts.ts';

export interface TopState {
  readonly name: string;
  readonly accounts: readonly Account[];
  readonly asOf: number;
  /** The token's 有効期限, if it is near. */
  readonly endsAt: number | undefined;
  readonly logins: readonly Login[];
}

const METHODS: Readonly<Record<string, string>> = {
  password: 'ログインパスワード',
  otp: 'ログインパスワードとワンタイムパスワード',
  signature: 'ログインパスワードとトークンアプリの確認',
};

/** The procedures that 利用者認証 was for, if it was not for a login. */
const PROCEDURES: Readonly<Record<string, string>> = {
  register: 'ワンタイムパスワード利用開始',
  exchange: 'ワンタイムパスワード交換',
  stop: 'ワンタイムパスワード利用中止',
  resync: 'ワンタイムパスワード再同期',
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
    : facts(logins.map((login, index) => loginFact(login, whichLogin(logins.slice(0, index))))),
  'お心当たりのないログインがある場合は、すぐにご連絡ください。',
)}`;
}

const isLogin = ({ method }: Login): boolean => PROCEDURES[method] === undefined;

const whichLogin = (later: readonly Login[]): string =>
  ['今回', '前回', '前々回'][later.filter(isLogin).length] ?? '';

const loginFact = (login: Login, which: string): Fact => ({
  name: isLogin(login) ? which : '利用者認証',
  value: html`<span class="nowrap">${japaneseMinute(login.at.getTime())}</span> <span class="login-method">${METHODS[login.method] ?? PROCEDURES[login.method] ?? login.method}</span>`,
});
