import { daysLeft } from '../../../../core/institution/expiry.ts';
import { japaneseMinute } from '../../../format.ts';
import { kindName, type TokenState } from '../../../token/state.ts';
import { banner, type Fact, facts, section } from '../../../web/form.ts';
import { type Html, html } from '../../../web/html.ts';

/** Says that the token ends soon, and what to do. */
export const ending = (endsAt: number, now: number): Html =>
  section(
    'トークンの有効期限のお知らせ',
    banner(
      'info',
      `ご登録のトークンの有効期限は${japaneseMinute(endsAt)}（日本時間）です。あと${daysLeft(endsAt, now)}日です。それまでに、ログイン画面の「ワンタイムパスワード」の「交換」で、新しいトークンに交換してください。`,
    ),
  );

const STATUS_LABELS: Readonly<Record<TokenState['kind'], string>> = {
  none: '（未登録）',
  void: '（未登録）',
  released: '（未登録）',
  issued: '（未登録）',
  enrolled: '（未登録）',
  active: 'ご利用中',
  locked: '認証停止中',
  suspended: '利用停止中',
  expired: '有効期限切れ',
};

const IN_USE: readonly TokenState['kind'][] = ['active', 'locked', 'suspended', 'expired'];

/** ワンタイムパスワード: the state of the token, and how to change it. */
export function otpStatusContent(state: TokenState, loginOtp: boolean): Html {
  return html`${section(
    'ご利用状況',
    facts([{ name: '登録状況', value: STATUS_LABELS[state.kind] }, ...tokenFacts(state, loginOtp)]),
  )}
${section(
  'お手続き',
  html`<p class="lead">「利用開始」「交換」「利用中止」「再同期」は、ログアウトして、ログイン画面の「ワンタイムパスワード」からお手続きください。</p>
<ul class="link-row"><li><a href="/help">お困りのとき</a></li><li><a href="/otp-guide">ワンタイムパスワードご案内</a></li></ul>`,
)}`;
}

function tokenFacts(state: TokenState, loginOtp: boolean): readonly Fact[] {
  if (state.kind === 'none' || !IN_USE.includes(state.kind)) return [];
  const { serial, expiresAt } = state.token;
  const end = expiresAt === undefined ? '' : japaneseMinute(Date.parse(expiresAt));
  return [
    { name: 'トークンの種類', value: kindName(state.token) },
    { name: 'シリアル番号', value: html`<span class="number">${serial ?? ''}</span>` },
    ...(end === '' ? [] : [{ name: '有効期限', value: end }]),
    { name: 'ログイン時のワンタイムパスワード認証要否', value: loginOtp ? '認証する' : '認証しない' },
  ];
}
