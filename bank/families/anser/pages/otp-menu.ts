import type { Token } from '../../../../core/api/bank.ts';
import type { Institution } from '../../../../core/institution/directory.ts';
import { suspendsByCustomer } from '../../../../core/institution/guide.ts';
import { daysOn, minuteInJapan } from '../../../format.ts';
import type { TokenState } from '../../../token/state.ts';
import { releaseElsewhere, releasesOnline, replacesOnline } from '../../../token/ways.ts';
import { banner, facts, navigation, section } from '../../../web/form.ts';
import { type Html, html, nothing } from '../../../web/html.ts';

const STATUS_LABELS: Record<TokenState['kind'], string> = {
  none: '（未登録）',
  void: '（未登録）',
  released: '（未登録）',
  issued: 'トークン発行済',
  enrolled: 'トークン発行済',
  active: 'サービス利用中',
  locked: '認証停止中',
  suspended: '利用停止中',
  expired: '有効期限切れ',
};

const RENEW = { label: '有効期限の更新', path: '/otp/renew', kind: 'primary' } as const;

const RELEASE = {
  label: 'ワンタイムパスワード利用解除',
  path: '/otp/release',
  kind: 'secondary',
} as const;

const REPLACE = {
  label: '新しい端末でのトークン利用',
  path: '/otp/replace',
  kind: 'secondary',
} as const;

const SUSPEND = { label: 'トークンの利用停止', path: '/otp/suspend', kind: 'secondary' } as const;

export interface OtpMenuState {
  readonly institution: Institution;
  readonly state: TokenState;
  /** Why the requested application is not possible. */
  readonly refusal?: string | undefined;
  /** What the customer should know about the status. */
  readonly remark?: string | undefined;
  /** Whether 有効期限の更新 is offered. */
  readonly renewable?: boolean | undefined;
  /** Whether トークン発行 is possible now. */
  readonly issuable: boolean;
}

export function otpMenuContent(menu: OtpMenuState): Html {
  const { institution, state, refusal, remark, renewable } = menu;
  return html`${refusal ? banner('caution', refusal) : nothing}
<p class="lead">ワンタイムパスワードの登録情報を表示します。<br>登録情報の変更を行う場合は変更対象ボタンを押して下さい。</p>
${section(
  'ワンタイムパスワード登録状況',
  html`${facts([{ name: '登録状況', value: STATUS_LABELS[state.kind] }, ...end(state)])}${remark ? html`<p class="remark">${remark}</p>` : nothing}`,
)}
${'token' in state && showsToken(state) ? tokenFacts(state.token) : nothing}
${section('注意事項', notes(institution))}
${navigation([
  { label: 'トークン発行', path: '/otp/issue', kind: chosen(menu, 'issue') },
  { label: 'ワンタイムパスワード利用開始', path: '/otp/activate', kind: chosen(menu, 'activate') },
  ...(renewable ? [RENEW] : []),
  ...(releasesOnline(institution) ? [RELEASE] : []),
  ...(replacesOnline(institution) ? [REPLACE] : []),
  ...(suspendsByCustomer(institution) && state.kind === 'active' ? [SUSPEND] : []),
])}
${navigation([
  { label: 'お困りのとき', path: '/help' },
  { label: 'トップページへ', path: '/top', kind: 'back' },
])}`;
}

/** トークン情報, which 初期設定 asks for. */
export function tokenFacts({ serviceId, userId }: Pick<Token, 'serviceId' | 'userId'>): Html {
  return section(
    'トークン情報',
    facts([
      { name: 'サービスID', value: html`<span class="number">${serviceId}</span>` },
      { name: 'ユーザID', value: html`<span class="number">${userId}</span>` },
    ]),
  );
}

function showsToken({ kind }: TokenState): boolean {
  return kind !== 'none' && kind !== 'void' && kind !== 'released';
}

/** 有効期限, if the token has one. */
const end = (state: TokenState) =>
  'token' in state && state.token.expiresAt !== undefined && showsToken(state)
    ? [{ name: '有効期限', value: minuteInJapan(Date.parse(state.token.expiresAt)) }]
    : [];

/** Only the button of the next step is primary, and none while トークン発行 has to wait. */
function chosen({ state, issuable }: OtpMenuState, button: 'issue' | 'activate'): 'primary' | 'secondary' {
  const issue = issuable ? 'issue' : undefined;
  const next = { none: issue, void: issue, released: issue, issued: 'activate', enrolled: 'activate' };
  return next[state.kind as keyof typeof next] === button ? 'primary' : 'secondary';
}

/** How often the code changes, in words. */
const every = (seconds: number) => (seconds % 60 === 0 ? `${seconds / 60}分毎` : `${seconds}秒毎`);

function notes(institution: Institution): Html {
  const { rules, otp } = institution;
  const release = releasesOnline(institution)
    ? 'にワンタイムパスワード利用解除を実施してください。'
    : `は、利用解除のお手続きが必要です。${releaseElsewhere(institution)}。利用解除後は、`;
  const { reissueAfterDays } = rules;
  const again = reissueAfterDays === 0 ? '機種変更後に' : `機種変更後、${daysOn(reissueAfterDays)}以降に`;
  return html`<div class="notes">
<h3>＜ワンタイムパスワードとは＞</h3>
<ul>
<li>「ワンタイムパスワード」とは、${every(otp.period)}に更新される使い捨てのパスワードで、利用者はスマートフォン等からワンタイムパスワードを取得し、パソコンに入力します。</li>
<li>接続時に、「ログインID」と「ログインパスワード」に加えて「ワンタイムパスワード」を入力することにより、不正利用の防止を強化することができます。</li>
</ul>
<h3>＜トークンとは＞</h3>
<ul>
<li>「トークン」とは、ワンタイムパスワードを生成しスマートフォン等に表示する方式のことです。</li>
<li>「トークン発行」とは、お客様のスマートフォン等に「トークン」として利用するための専用プログラムをダウンロードする作業のことです。</li>
</ul>
<h3>＜ワンタイムパスワード利用解除とは＞</h3>
<ul>
<li>スマートフォン等の機種変更等で現在のワンタイムパスワードアプリが使用できなくなる場合${release}次回ログイン時から、「ワンタイムパスワード認証画面」が表示されず、通常のログイン手続きとなります。</li>
<li>${again}、新たに「トークン発行」「ワンタイムパスワード利用開始」を実施してワンタイムパスワードの利用を再開ください。</li>
</ul>
${suspendsByCustomer(institution) ? SUSPEND_NOTES : nothing}</div>`;
}

const SUSPEND_NOTES = html`<h3>＜トークンの利用停止とは＞</h3>
<ul>
<li>スマートフォン等の紛失・盗難などの場合に、ワンタイムパスワードをただちに使えなくするお手続きです。ログインができないときは、ログイン（ワンタイムパスワード認証）の画面の「端末を紛失したとき（利用停止）」からも行うことができます。お客さまご自身では解除できません。</li>
</ul>
`;
