import { ANSER } from '../../../../core/family/anser.ts';
import type { Institution, ReleaseWay } from '../../../../core/institution/directory.ts';
import { suspendsByCustomer } from '../../../../core/institution/guide.ts';
import { policyOf } from '../../../../core/institution/policy.ts';
import { daysOn } from '../../../format.ts';
import { placesOrPhone, releasesOnline, replacesOnline, takesPaper } from '../../../token/ways.ts';
import { type Html, html } from '../../../web/html.ts';
import { helpPage, type Trouble } from '../../common/pages/help.ts';

/** お困りのとき: what a customer can do about each trouble, by the institution's rules. */
export const helpContent = (institution: Institution): Html =>
  helpPage(
    institution,
    TROUBLES.map((trouble) => trouble(institution)),
  );

const { us } = ANSER.words;

const link = (path: string, label: string): Html => html`<a href="${path}">${label}</a>`;

/** Telephone and counter, in the institution's order, as a phrase for the middle of a sentence. */
function elsewhere({ rules }: Institution): string {
  const names: Record<Exclude<ReleaseWay['by'], 'self-service'>, string> = {
    phone: 'お電話',
    counter: 'お取引店舗の窓口',
  };
  return placesOrPhone(rules.release.flatMap(({ by }) => (by === 'self-service' ? [] : [names[by]])));
}

/** The earliest time to issue a token after 利用解除, as a phrase. */
function again({ rules }: Institution): string {
  const { reissueAfterDays: days } = rules;
  return days === 0 ? '利用解除のあと' : `利用解除の${daysOn(days)}以降`;
}

const paper = (institution: Institution): string =>
  takesPaper(institution) ? `${us}所定の申込書をご提出ください。` : '';

const reissue = (institution: Institution): Html =>
  html`${again(institution)}に、「ワンタイムパスワード申請」の${link('/otp', '「トークン発行」「ワンタイムパスワード利用開始」')}を、新しい端末で行ってください。`;

const staffRelease = (institution: Institution): string =>
  `${elsewhere(institution)}で、利用解除をお申し込みください。${paper(institution)}`;

/** How to suspend a lost token: the customer does it at once, or staff do. */
const stop = (institution: Institution): Html =>
  suspendsByCustomer(institution)
    ? html`ただちに${link('/login/suspend', '「端末を紛失したとき（利用停止）」')}を行ってください。ログイン画面でログインIDとログインパスワードを入力すると、ワンタイムパスワードの入力画面からお進みいただけます。トークンをまだ表示できる端末では、トークンの「設定」の「利用停止」からも行えます。`
    : html`すぐにお電話ください。利用停止のお手続きは、${elsewhere(institution)}で承ります。${paper(institution)}`;

const lost = (institution: Institution): Trouble => ({
  id: 'lost',
  heading: '端末を紛失した、盗難にあったとき',
  steps: [
    stop(institution),
    ...(suspendsByCustomer(institution)
      ? ['パスワードがお分かりにならない場合や、お手続きができない場合は、すぐにお電話ください。']
      : []),
    '端末が見つかった場合は、お電話ください。利用停止の解除を承ります。',
    `見つからない場合は、${staffRelease(institution)}`,
    reissue(institution),
  ],
});

const broken = (institution: Institution): Trouble => ({
  id: 'broken',
  heading: '端末が故障した、トークンアプリを削除したとき',
  steps: [
    `これまでのトークンで取引認証ができないため、${us}でのお手続きが必要です。${staffRelease(institution)}`,
    reissue(institution),
  ],
});

const newDevice = (institution: Institution): Trouble => ({
  id: 'new-device',
  heading: '機種変更など、新しい端末で使うとき（これまでの端末が使える場合）',
  steps: [
    ...(replacesOnline(institution)
      ? [
          html`ログインして、${link('/otp/replace', '「新しい端末でのトークン利用」')}を行ってください。これまでの端末での取引認証が必要です。これまでの端末のトークンは、新しい端末での利用開始まで使えます。`,
        ]
      : []),
    ...(releasesOnline(institution)
      ? [
          html`先に${link('/otp/release', '「ワンタイムパスワード利用解除」')}を行うこともできます。${reissue(institution)}`,
        ]
      : [staffRelease(institution), reissue(institution)]),
    'お手続きが終わるまで、これまでの端末のトークンアプリを削除しないでください。',
  ],
});

const refused = (institution: Institution): Trouble => ({
  id: 'refused',
  heading: 'ワンタイムパスワードが受け付けられないとき',
  steps: [
    '表示されている数字をすべて、残り時間のあるうちに入力してください。一度使ったワンタイムパスワードは使えません。次の表示をお待ちください。',
    '端末の日付、時刻、タイムゾーンを日本時間に合わせ、トークンアプリを開き直してください。',
    `トークンが複数ある場合は、${institution.name}のトークンのシリアルNoをご確認ください。`,
    `連続して${policyOf(institution).wrongCodesToLock}回間違えると、ワンタイムパスワード認証が停止します。何度も受け付けられないときは、その前にお電話ください。`,
  ],
});

const locked = (institution: Institution): Trouble => ({
  id: 'locked',
  heading: 'ワンタイムパスワード認証が停止したとき',
  steps: [
    suspendsByCustomer(institution)
      ? 'お客さまご自身では解除できません。お電話ください。'
      : `お客さまご自身では解除できません。利用の再開は、${elsewhere(institution)}で承ります。${paper(institution)}`,
    `${us}でご本人さまであることと状況を確認のうえ、停止状態の解除を実施いたします。`,
    '入力にお心当たりのない場合は、第三者がログインパスワードを知っているおそれがあります。至急ご連絡ください。',
  ],
});

const suspended = (institution: Institution): Trouble => ({
  id: 'suspended',
  heading: 'トークンが利用停止中のとき',
  steps: [
    'お客さまご自身では解除できません。お電話ください。',
    `端末がお手元にある場合は、${us}でご本人さまであることを確認のうえ、利用停止の解除を実施いたします。`,
    `端末がない場合は、${staffRelease(institution)}`,
    reissue(institution),
  ],
});

const ending = (institution: Institution): Trouble => {
  const { warnDays, validUntilHour } = policyOf(institution);
  return {
    id: 'ending',
    heading: 'トークンの有効期限が近いとき、過ぎたとき',
    steps: [
      html`有効期限の${warnDays}日前から、ログインして${link('/otp/renew', '「有効期限の更新」')}を行うことができます。トークンの初期設定をやり直す必要はありません。`,
      `有効期限は、その日の${validUntilHour}時（日本時間）までです。過ぎるとログインできなくなります。その場合は、お電話ください。`,
    ],
  };
};

const unknown = (): Trouble => ({
  id: 'unknown',
  heading: '心当たりのない取引認証や、お知らせが届いたとき',
  steps: [
    'トークンアプリで「心当たりがない」を選択してください。その取引は中止され、トークンは利用停止になります。',
    '第三者がログインパスワードを知っているおそれがあります。至急、お電話ください。',
  ],
});

const TROUBLES: readonly ((institution: Institution) => Trouble)[] = [
  lost,
  broken,
  newDevice,
  refused,
  locked,
  suspended,
  ending,
  unknown,
];
