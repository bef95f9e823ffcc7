import { SHINKIN } from '../../../../core/family/shinkin.ts';
import type { Institution } from '../../../../core/institution/directory.ts';
import { policyOf } from '../../../../core/institution/policy.ts';
import { navigation, section } from '../../../web/form.ts';
import { type Html, html } from '../../../web/html.ts';
import { helpPage, type Trouble } from '../../common/pages/help.ts';
import { TOKENS_HEADING, tokenPictures } from './tokens.ts';

const FORM = html`<a href="/forms/cancellation">「${SHINKIN.words.cancellation.name}」</a>`;
const REGISTER = html`<a href="/otp-service/register">「利用開始」</a>`;
const EXCHANGE = html`<a href="/otp-service/exchange">「交換」</a>`;
const RESYNC = html`<a href="/otp-service/resync">「再同期」</a>`;

const HAND_IN = html`${FORM}をご提出ください。用紙は印刷していただくか、窓口にもご用意しています。代表口座のお届印が必要です。`;

/** The steps of the guide from the paper to the new token. */
const afterPaper: readonly (string | Html)[] = [
  'お手続きが完了しましたら、ワンタイムパスワードの利用を停止した旨を、ご登録のEメールアドレスへお送りします。',
  'トークンアプリでシリアル番号のトークンを作るか、ハードウェアトークンをご用意ください。契約者IDに登録できるワンタイムパスワードは一つだけです。',
  html`ログイン画面の「ワンタイムパスワード」の${REGISTER}を行ってください。`,
];

const TROUBLES: readonly ((institution: Institution) => Trouble)[] = [
  () => ({
    id: 'lost',
    heading: 'スマートフォンやハードウェアトークンを紛失した、盗難にあったとき',
    steps: [
      'すぐにお電話ください。ワンタイムパスワードの利用を停止します。',
      html`ソフトウェアトークンの場合は、${HAND_IN}ハードウェアトークンの場合は、お取引店舗の窓口にお申し出ください。`,
      ...afterPaper,
    ],
  }),
  () => ({
    id: 'broken',
    heading: 'スマートフォンの故障などで、ソフトウェアトークンを表示できないとき',
    steps: [HAND_IN, ...afterPaper],
  }),
  () => ({
    id: 'battery',
    heading: 'ハードウェアトークンの故障、電池切れのとき',
    steps: [
      'お取引店舗の窓口で、新しいハードウェアトークンをお受け取りください。これまでのトークンと、代表口座のお届印をお持ちください。',
      html`当金庫でこれまでのトークンの利用を停止したあと、ログイン画面の「ワンタイムパスワード」の${REGISTER}を行ってください。`,
    ],
  }),
  () => ({
    id: 'new-device',
    heading: '機種変更など、新しいトークンに替えるとき（これまでのトークンを表示できる場合）',
    steps: [
      '新しい端末のトークンアプリで、シリアル番号のトークンを作ってください。',
      html`ログイン画面の「ワンタイムパスワード」の${EXCHANGE}を行ってください。これまでのトークンと新しいトークンの、両方の表示が必要です。`,
      'お手続きが終わるまで、これまでのトークンを削除しないでください。',
    ],
  }),
  (institution) => ({
    id: 'refused',
    heading: 'ワンタイムパスワードが受け付けられないとき',
    steps: [
      '表示されている数字をすべて、次の表示に変わる前に入力してください。一度使ったワンタイムパスワードは使えません。',
      'ソフトウェアトークンの場合は、端末の日付、時刻、タイムゾーンを日本時間に合わせ、トークンアプリを開き直してください。',
      html`ハードウェアトークンの場合は、ログイン画面の「ワンタイムパスワード」の${RESYNC}を行ってください。何度もボタンを押したときや、長いあいだ使わなかったときは、再同期が必要になることがあります。`,
      `連続して${policyOf(institution).wrongCodesToLock}回間違えると、ワンタイムパスワード認証が停止します。何度も受け付けられないときは、その前にお電話ください。`,
    ],
  }),
  (institution) => ({
    id: 'positions',
    heading: '資金移動用パスワードが受け付けられないとき',
    steps: [
      '表示されている桁の数字を、左から数えて入力してください。正しく入力されるまで、同じ桁をおたずねします。',
      `連続して${policyOf(institution).wrongPositionsToStop}回間違えると、しばらくのあいだお手続きができません。お忘れの場合は、お取引店舗の窓口にお申し出ください。`,
    ],
  }),
  () => ({
    id: 'locked',
    heading: 'ワンタイムパスワード認証が停止したとき',
    steps: [
      'お客さまご自身では解除できません。お電話ください。当金庫でご本人さまであることと状況を確認のうえ、停止状態の解除を実施いたします。',
      html`ハードウェアトークンの場合は、順番や時刻のずれが原因のことがあるため、解除のあと、ログイン画面の「ワンタイムパスワード」の${RESYNC}を行ってください。`,
      '入力にお心当たりのない場合は、第三者がパスワードを知っているおそれがあります。至急ご連絡ください。',
    ],
  }),
  () => ({
    id: 'suspended',
    heading: 'トークンが利用停止中のとき',
    steps: ['お客さまご自身では解除できません。お電話ください。'],
  }),
  (institution) => ({
    id: 'ending',
    heading: 'トークンの有効期限が近いとき、過ぎたとき',
    steps: [
      html`有効期限の${policyOf(institution).warnDays}日前から、メールなどでお知らせします。それまでに、新しいトークンをご用意のうえ、ログイン画面の「ワンタイムパスワード」の${EXCHANGE}を行ってください。`,
      '過ぎた場合は、お電話ください。',
    ],
  }),
  () => ({
    id: 'unknown',
    heading: '心当たりのない取引認証や、お知らせが届いたとき',
    steps: [
      'トークンアプリで「心当たりがない」を選択してください。その取引は中止され、トークンは利用停止になります。',
      '第三者がパスワードを知っているおそれがあります。至急、お電話ください。',
    ],
  }),
];

export const helpContent = (institution: Institution): Html =>
  helpPage(
    institution,
    TROUBLES.map((trouble) => trouble(institution)),
  );

/** ワンタイムパスワードご案内: what it is, and what is needed. */
export function guideContent({ otp, serviceOrigin }: Institution): Html {
  return html`<p class="lead">ワンタイムパスワードは、トークンに表示される使い捨てのパスワードです。お振込のとき、また、ご希望によりログインのときに、契約者IDやパスワードに加えて入力していただきます。</p>
${section(
  TOKENS_HEADING,
  html`${tokenPictures()}<p class="lead">ソフトウェアトークンは、お客さまにお作りいただけます。トークンアプリで「シリアル番号のトークンを作る」を選ぶと、シリアル番号と、${otp.period}秒ごとに変わる${otp.digits}桁のワンタイムパスワードが表示されます。トークンアプリは、<a href="${serviceOrigin}">${serviceOrigin}</a>でご利用いただけます。</p>`,
)}
${section(
  'ソフトウェアトークンとハードウェアトークンの違い',
  html`<div class="notes"><ul>
<li>ソフトウェアトークンでは、お振込の内容をトークンの画面で確かめてから承認します（取引認証）。</li>
<li>ハードウェアトークンには、お振込の内容が表示されません。そのため、1件あたりの金額に上限があります。</li>
</ul></div>`,
)}
${navigation([{ label: 'ログイン画面に戻る', path: '/', kind: 'primary' }])}`;
}
