import { daysLeft } from '../../../../core/institution/expiry.ts';
import { minuteInJapan } from '../../../format.ts';
import { banner, navigation, section } from '../../../web/form.ts';
import { type Html, html } from '../../../web/html.ts';
import { topContent as commonContent, type TopState } from '../../common/pages/top.ts';

interface OtpState {
  readonly dailyLimitWithoutOtp: number;
  /** Where to apply for one-time passwords, if the customer must still do so on paper. */
  readonly applyFirst: string | undefined;
}

export function topContent(state: TopState, { dailyLimitWithoutOtp, applyFirst }: OtpState): Html {
  const limit = `${dailyLimitWithoutOtp / 10_000}万円`;
  return html`${commonContent(state, ending)}
${section(
  'ワンタイムパスワード',
  html`<p class="lead">ログインのたびに使い捨てのパスワードを入力することにより、不正利用の防止を強化することができます。ワンタイムパスワード未利用時の一日あたりの振込・振替限度額は${limit}までです。</p>${toOtp(applyFirst)}`,
)}`;
}

/** Says that the token ends soon, and links to the renewal. */
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
<p class="lead">この参考実装では、初回利用登録を行うことができません。登録済みのお客さまは、ログイン画面からログインしてください。</p>
${navigation([{ label: 'ログイン画面へ', path: '/' }])}`;
}
