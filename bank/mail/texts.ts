import type { Device, TokenStatus } from '../../core/api/bank.ts';
import { familyOf } from '../../core/family/families.ts';
import { type Institution, mailAddressOf } from '../../core/institution/directory.ts';
import { daysLeft } from '../../core/institution/expiry.ts';
import { loginWaysOf } from '../../core/institution/login.ts';
import { policyOf } from '../../core/institution/policy.ts';
import type { NewDevice, Transaction } from '../../core/transaction/types.ts';
import { japaneseDate, japaneseMinute, japaneseSecond, minuteInJapan, yen } from '../format.ts';
import { unlockAtCounter } from '../token/ways.ts';

export interface MailText {
  readonly subject: string;
  readonly text: string;
}

export type MailKind =
  | 'issue'
  | 'mail-password'
  | 'activated'
  | 'released'
  | 'reissue'
  | 'applied'
  | 'suspended'
  | 'resumed'
  | 'unlocked'
  | 'locked'
  | 'rejected'
  | 'not-me'
  | 'ending'
  | 'renewed'
  | 'email-changed'
  | 'limit-changed'
  | 'registered'
  | 'exchanged'
  | 'stopped'
  | 'resynchronised'
  | 'replacing'
  | 'replaced'
  | 'device-added'
  | 'device-removed';

/** 「トークン発行のご案内」, worded as in the guides. */
export function issueMail(institution: Institution, serviceId: string, userId: string): MailText {
  return letter(institution, 'トークン発行のご案内', [
    'トークンアプリにサービスID、ユーザID、利用開始パスワードを入力し、トークン設定を行ってください。',
    `サービスID：${serviceId}\nユーザID：${userId}`,
    `トークン設定は、お申込みから${policyOf(institution).enrolWithinDays}日以内に行ってください。過ぎた場合は、もう一度お申込みください。`,
    `トークンアプリをお持ちでない場合には下記のURLよりダウンロードしてください。\n${institution.serviceOrigin}`,
    '利用開始パスワードは、お申込みの際にお客さまが指定されたものです。\nお心当たりのない場合は、下記までご連絡ください。',
  ]);
}

/** 新しい端末でのトークン利用 has begun: what 初期設定 needs, and a warning to a customer who did not ask for it. */
export function replacingMail(institution: Institution, serviceId: string, userId: string): MailText {
  const { replaceWithinHours } = policyOf(institution);
  return letter(institution, '新しい端末でのトークン利用のご案内', [
    '新しい端末のトークンアプリにサービスID、ユーザID、利用開始パスワードを入力し、トークン設定を行ってください。',
    `サービスID：${serviceId}\nユーザID：${userId}`,
    `トークンアプリをお持ちでない場合には下記のURLよりダウンロードしてください。\n${institution.serviceOrigin}`,
    `利用開始の前に、これまでの端末のトークンアプリで「新しい端末でのトークン利用」の取引認証を行います。お手続きは${replaceWithinHours}時間以内に完了してください。それまでは、これまでの端末のトークンをそのままご利用いただけます。`,
    'お心当たりのない場合は、第三者がインターネットバンキングにログインしているおそれがあります。取引認証では「心当たりがない」を選択し、至急、下記までご連絡ください。',
  ]);
}

/** @param device as it described itself; undefined if that is no longer known */
export function replacedMail(institution: Institution, device: NewDevice | undefined, at: number): MailText {
  return letter(institution, '新しい端末でのトークン利用開始のお知らせ', [
    `新しい端末でトークンの利用を開始しました。\n受付日時：${japaneseMinute(at)}`,
    ...(device === undefined ? [] : [deviceLines(device).join('\n')]),
    'これまでの端末のトークンは利用解除になり、使えなくなりました。これまでの端末のトークンアプリでは、トークンを削除してください。',
    `お心当たりのない場合は、第三者がトークンを使っているおそれがあります。至急、下記までご連絡のうえ、利用停止をお申し出ください。\n電話：${institution.contact.phone}（${institution.contact.hours}）`,
  ]);
}

export function mailPasswordMail(institution: Institution, password: string, sentAt: number): MailText {
  return letter(institution, 'メール通知パスワードのお知らせ', [
    'トークン発行のお申込みに必要なメール通知パスワードをお知らせします。\nお申込みの画面に表示されている送信日時と、下記の送信日時が同じであることをご確認ください。',
    `送信日時：${japaneseSecond(sentAt)}\nメール通知パスワード：${password}`,
    `このパスワードは送信から${policyOf(institution).mailPasswordMinutes}分間、1回のお申込みに限り有効です。`,
    'お心当たりのない場合は、このパスワードを入力せず、下記までご連絡ください。',
  ]);
}

export function activatedMail(institution: Institution, at: number): MailText {
  return letter(institution, 'ワンタイムパスワード利用開始のお知らせ', [
    `ワンタイムパスワードの利用開始を受け付けました。\n受付日時：${japaneseMinute(at)}`,
    `次回のログインから、${familyOf(institution).words.loginId}とログインパスワードに加えて${proofAtLogin(institution)}が必要です。`,
    'お心当たりのない場合は、至急、下記までご連絡ください。',
  ]);
}

/** What the login will ask for: a noun. */
const proofAtLogin = (institution: Pick<Institution, 'login'>): string =>
  loginWaysOf(institution)[0] === 'signed' ? 'トークンアプリでの確認' : 'ワンタイムパスワードの入力';

export function releasedMail(institution: Institution, at: number): MailText {
  const { endUse, withoutUse, useAgain } = familyOf(institution).words;
  return letter(institution, `ワンタイムパスワード${endUse}のお知らせ`, [
    `ワンタイムパスワードの${endUse}を受け付けました。\n受付日時：${japaneseMinute(at)}`,
    withoutUse,
    useAgain,
    'お心当たりのない場合は、至急、下記までご連絡ください。',
  ]);
}

/** A token registered by its シリアル番号, and whether the login asks for its codes. */
interface Registered {
  readonly serial: string;
  readonly loginOtp: boolean;
}

const registeredLines = ({ serial, loginOtp }: Registered): string =>
  `シリアル番号：${serial}\nログイン時のワンタイムパスワード認証：${loginOtp ? '認証する' : '認証しない'}`;

/** 利用開始, where tokens are registered by their シリアル番号. */
export function registeredMail(institution: Institution, registered: Registered, at: number): MailText {
  return letter(institution, 'ワンタイムパスワード利用登録完了のお知らせ', [
    `ワンタイムパスワードの利用登録が完了しました。\n受付時刻：${japaneseMinute(at)}`,
    registeredLines(registered),
    'お振込には、ワンタイムパスワード、またはトークンアプリでの取引認証が必要です。',
    'お心当たりのない場合は、第三者がお客さまのパスワードを知っているおそれがあります。至急、下記までご連絡ください。',
  ]);
}

export function exchangedMail(institution: Institution, registered: Registered, at: number): MailText {
  return letter(institution, 'ワンタイムパスワード交換完了のお知らせ', [
    `ワンタイムパスワードの交換が完了しました。\n受付時刻：${japaneseMinute(at)}`,
    registeredLines(registered),
    'これまでのトークンは使えなくなりました。',
    'お心当たりのない場合は、第三者がお客さまのパスワードとトークンを使っているおそれがあります。至急、下記までご連絡ください。',
  ]);
}

/** 利用中止 by the customer. */
export function stoppedMail(institution: Institution, at: number): MailText {
  const { withoutUse, useAgain } = familyOf(institution).words;
  return letter(institution, 'ワンタイムパスワード利用中止のお知らせ', [
    `ワンタイムパスワードの利用を中止しました。\n受付時刻：${japaneseMinute(at)}`,
    withoutUse,
    useAgain,
    'お心当たりのない場合は、至急、下記までご連絡ください。',
  ]);
}

/** 再同期 of a device, by two codes in a row. */
export function resynchronisedMail(institution: Institution, at: number): MailText {
  return letter(institution, 'ワンタイムパスワード再同期完了のお知らせ', [
    `ワンタイムパスワードの再同期が完了しました。\n受付時刻：${japaneseMinute(at)}`,
    '次のお手続きでは、ハードウェアトークンに新しく表示されるワンタイムパスワードを入力してください。',
    'お心当たりのない場合は、第三者がお客さまのパスワードとトークンを使っているおそれがあります。至急、下記までご連絡ください。',
  ]);
}

/** 交換: staff ended the token of a lost device, and the customer may have another issued at once. */
export function reissueMail(institution: Institution, at: number): MailText {
  const { endUse, firstStep, useNew, beforeNew } = familyOf(institution).words;
  return letter(institution, 'トークン再発行のお手続きのご案内', [
    `お申し出により、これまでのトークンを${endUse}しました。\n受付日時：${japaneseMinute(at)}`,
    useNew,
    beforeNew,
    `お心当たりのない場合は、第三者がお申し出をしているおそれがあります。${firstStep}は行わず、至急、下記までご連絡ください。\n電話：${institution.contact.phone}（${institution.contact.hours}）`,
  ]);
}

export function lockedMail(institution: Institution, at: number): MailText {
  const { us, whileLocked } = familyOf(institution).words;
  const unlock =
    unlockAtCounter(institution) ??
    `状況を確認のうえ、${us}にて停止状態の解除を実施いたしますので、下記までご連絡ください。`;
  return letter(institution, 'ワンタイムパスワード認証停止のお知らせ', [
    `ワンタイムパスワードが連続して一定回数以上間違えて入力されたため、ワンタイムパスワード認証を停止しました。\n停止日時：${japaneseMinute(at)}`,
    `${whileLocked}${unlock}`,
    '入力にお心当たりのない場合は、第三者がログインパスワードを知っているおそれがあります。至急ご連絡ください。',
  ]);
}

/** 「ワンタイムパスワード申請お取扱い開始のご案内」: staff registered the paper application. */
export function appliedMail(institution: Institution, at: number): MailText {
  return letter(institution, 'ワンタイムパスワード申請お取扱い開始のご案内', [
    `ワンタイムパスワード申込書の登録手続きが終了しました。\n登録日時：${japaneseMinute(at)}`,
    'インターネットバンキングにログインし、メニューの「ワンタイムパスワード申請」から「トークン発行」を行ってください。',
    `「${mailAddressOf(institution)}」からのメールを受信できるように設定してください。`,
    'お心当たりのない場合は、至急、下記までご連絡ください。',
  ]);
}

export function suspendedMail(institution: Institution, at: number): MailText {
  return letter(institution, 'ワンタイムパスワード利用停止のお知らせ', [
    `トークンを利用停止にしました。\n停止日時：${japaneseMinute(at)}`,
    '利用停止中は、インターネットバンキングへのログインとお振込ができません。',
    'お心当たりのない場合は、至急、下記までご連絡ください。',
  ]);
}

/** 利用停止 that the customer asked for, on the bank's page or on the token. */
export function suspendedByCustomerMail(institution: Institution, at: number): MailText {
  const { us } = familyOf(institution).words;
  return letter(institution, 'ワンタイムパスワード利用停止のお知らせ', [
    `お客さまのお申し出により、トークンを利用停止にしました。\n停止日時：${japaneseMinute(at)}`,
    '利用停止中は、インターネットバンキングへのログインとお振込ができません。取引認証を待っていたお取引は取り消しました。',
    `利用停止の解除、または新しい端末でのご利用の再開は、${us}でご本人さまであることを確認のうえ承ります。お客さまご自身では解除できません。下記までご連絡ください。`,
    'お心当たりのない場合は、第三者がパスワードを知っているか、お客さまの端末を使っているおそれがあります。至急ご連絡ください。',
  ]);
}

/** How a token stands after a 解除; undefined if that is not known. */
type StandsAfter = TokenStatus | 'expired' | undefined;

export function resumedMail(institution: Institution, at: number, left: StandsAfter): MailText {
  return letter(institution, 'ワンタイムパスワード利用停止解除のお知らせ', [
    `トークンの利用停止を解除しました。\n解除日時：${japaneseMinute(at)}`,
    afterResume(institution, left),
    'お心当たりのない場合は、至急、下記までご連絡ください。',
  ]);
}

const ENDED =
  'トークンの有効期限が過ぎているため、トークンはご利用になれません。ご利用を再開する場合は、下記までご連絡ください。';

const OUT_OF_STEP =
  'ハードウェアトークンに表示されたとおりに入力しても受け付けられない場合は、ログイン画面の「ワンタイムパスワード」から「再同期」を行ってください。';

function afterResume(institution: Institution, left: StandsAfter): string {
  const { toUnlock, firstStep } = familyOf(institution).words;
  if (left === 'expired') return ENDED;
  if (left === 'locked') return `ワンタイムパスワードの認証停止は続いています。${toUnlock}`;
  if (left === 'void') {
    return `初期設定の期限が過ぎたため、トークンは無効になりました。ご利用になるには、もう一度「${firstStep}」を行ってください。`;
  }
  return 'トークンは、利用停止になる前の状態に戻りました。';
}

/** @param isDevice whether it is a hardware token, whose codes may be out of step */
export function unlockedMail(
  institution: Institution,
  at: number,
  left: StandsAfter,
  isDevice: boolean,
): MailText {
  return letter(institution, 'ワンタイムパスワード認証停止解除のお知らせ', [
    `ワンタイムパスワードの認証停止を解除しました。\n解除日時：${japaneseMinute(at)}`,
    left === 'expired' ? ENDED : 'これまでに間違えて入力された回数は、数え直しになりました。',
    ...(isDevice && left !== 'expired' ? [OUT_OF_STEP] : []),
    'お心当たりのない場合は、至急、下記までご連絡ください。',
  ]);
}

/** For a token that is in use. @param endsAt the 有効期限, in Unix milliseconds */
export function endingMail(institution: Institution, endsAt: number, at: number): MailText {
  const { afterEnd, beforeEnd } = familyOf(institution).words;
  return letter(institution, 'トークンの有効期限が近づいているお知らせ', [
    `お使いのトークンの有効期限まで、あと${daysLeft(endsAt, at)}日です。\n有効期限：${minuteInJapan(endsAt)}`,
    afterEnd,
    beforeEnd,
    'このメールに、お手続きのためのリンクはありません。パスワードをおたずねすることもありません。',
  ]);
}

/** @param endsAt the new 有効期限, in Unix milliseconds */
export function renewedMail(institution: Institution, endsAt: number, at: number): MailText {
  return letter(institution, 'トークンの有効期限更新のお知らせ', [
    `トークンの有効期限の更新を受け付けました。\n受付日時：${japaneseMinute(at)}`,
    `更新後の有効期限：${minuteInJapan(endsAt)}`,
    'トークンアプリの表示は、次にアプリを開いたときに変わります。',
    'お心当たりのない場合は、至急、下記までご連絡ください。',
  ]);
}

/** A transaction that the customer did not confirm. */
interface Stopped {
  readonly requestedAt: number;
  readonly transaction: Transaction;
}

const FORMS: Readonly<Record<NewDevice['form'], string>> = {
  extension: 'ブラウザーの拡張機能',
  companion: 'ブラウザーで使うトークン',
  other: 'その他のトークン',
};

/** A device as it described itself, in the token's words; nothing vouches for it. */
export const deviceWords = ({ form, device }: Pick<NewDevice, 'form' | 'device'>): string =>
  `${FORMS[form]} ${device}`;

const deviceLines = (transaction: NewDevice): readonly string[] => [
  `新しい端末：${deviceWords(transaction)}`,
  `新しい端末のシリアルNo：${transaction.serial}`,
  `初期設定日時：${japaneseMinute(Date.parse(transaction.setUpAt))}`,
];

interface StoppedWords {
  /** Its name within a sentence. */
  readonly what: string;
  readonly undone: string;
  /** Enough for the customer to recognise it, nothing that helps anybody else. */
  readonly lines: readonly string[];
}

function stoppedWords({ requestedAt, transaction }: Stopped): StoppedWords {
  const at = japaneseMinute(requestedAt);
  switch (transaction.type) {
    case 'transfer':
      return {
        what: 'お振込',
        undone: 'お振込は行われていません。',
        lines: [
          `お振込申請日時：${at}`,
          `お振込先人名：${transaction.payee}`,
          `お振込金額：${yen(transaction.amount)}`,
        ],
      };
    case 'limit-change':
      return {
        what: '振込・振替限度額の変更',
        undone: '限度額は変更されていません。',
        lines: [
          `お申込日時：${at}`,
          `現在の限度額：${yen(transaction.oldLimit)}`,
          `変更後の限度額：${yen(transaction.newLimit)}`,
        ],
      };
    case 'email-change':
      return {
        what: 'メールアドレスの変更',
        undone: 'メールアドレスは変更されていません。',
        lines: [`お申込日時：${at}`, `新しいメールアドレス：${transaction.newAddress}`],
      };
    case 'new-device':
      return {
        what: '新しい端末でのトークン利用',
        undone: 'トークンはこれまでの端末のままです。',
        lines: [`お申込日時：${at}`, ...deviceLines(transaction)],
      };
  }
}

/** A device that fills was paired with the token. A customer who did not do it is to stop the token. */
export function deviceAddedMail(institution: Institution, device: Device, at: number): MailText {
  return letter(institution, 'トークンとパソコンの連携のお知らせ', [
    `お客さまのトークンアプリとパソコンの連携を受け付けました。\n受付日時：${japaneseMinute(at)}`,
    `連携したパソコン：${pairedWords(device)}`,
    'ワンタイムパスワードは、トークンアプリで承認するたびに、このパソコンの画面に入力されます。連携は、トークンアプリでいつでも解除できます。',
    'お心当たりのない場合は、第三者がお客さまのトークンアプリを操作したおそれがあります。連携を解除し、至急、下記までご連絡ください。',
  ]);
}

export function deviceRemovedMail(institution: Institution, device: Device, at: number): MailText {
  return letter(institution, 'トークンとパソコンの連携解除のお知らせ', [
    `お客さまのトークンアプリとパソコンの連携を解除しました。\n解除日時：${japaneseMinute(at)}`,
    `解除したパソコン：${pairedWords(device)}`,
    '解除にお心当たりのない場合は、下記までご連絡ください。',
  ]);
}

/** A paired device as it described itself; nothing vouches for it. */
export const pairedWords = ({ form, name }: Device): string => deviceWords({ form, device: name });

/** The customer rejected the transaction on the token. */
export function rejectedMail(institution: Institution, stopped: Stopped, at: number): MailText {
  const { what, undone, lines } = stoppedWords(stopped);
  return letter(institution, `${what}の取引認証が拒否されたお知らせ`, [
    `トークンアプリの取引認証で「拒否」が選択されたため、次の${what}を中止しました。${undone}\n中止日時：${japaneseMinute(at)}`,
    lines.join('\n'),
    `${what}をご希望の場合は、内容をご確認のうえ、はじめからお手続きください。`,
    `この${what}にお心当たりのない場合は、第三者がインターネットバンキングにログインしているおそれがあります。至急、下記までご連絡ください。`,
  ]);
}

/** The customer said on the token that the transaction is not theirs. */
export function notMeMail(institution: Institution, stopped: Stopped, at: number): MailText {
  const { what, undone, lines } = stoppedWords(stopped);
  return letter(institution, `お心当たりのない${what}の中止とトークンの利用停止のお知らせ`, [
    `トークンアプリの取引認証で「心当たりがない」が選択されたため、次の${what}を中止し、トークンを利用停止にしました。${undone}\n停止日時：${japaneseMinute(at)}`,
    lines.join('\n'),
    'トークンの利用停止中は、インターネットバンキングへのログインとお振込ができません。',
    `第三者がログインパスワードを知っているおそれがあります。至急、下記までご連絡ください。\n電話：${institution.contact.phone}（${institution.contact.hours}）`,
  ]);
}

/** Sent to both addresses: if somebody else made the change, the customer hears of it at the old one. */
export function emailChangedMail(institution: Institution, address: string, at: number): MailText {
  return letter(institution, 'メールアドレス変更のお知らせ', [
    `メールアドレスの変更を受け付けました。今後のお知らせは、新しいメールアドレスにお送りします。\n受付日時：${japaneseMinute(at)}`,
    `新しいメールアドレス：${address}`,
    '変更にお心当たりのない場合は、第三者がインターネットバンキングにログインしているおそれがあります。至急、下記までご連絡ください。',
  ]);
}

interface NewLimit {
  /** In yen. */
  readonly yen: number;
  /** When it takes effect. */
  readonly from: number;
}

/** A customer who did not ask for the limit hears of it before it takes effect. */
export function limitChangedMail(institution: Institution, limit: NewLimit, at: number): MailText {
  const from = limit.from <= at ? '受付後ただちに' : japaneseDate(limit.from);
  return letter(institution, '振込・振替限度額変更のお知らせ', [
    `一日あたりの振込・振替限度額の変更を受け付けました。\n受付日時：${japaneseMinute(at)}`,
    `変更後の限度額：${yen(limit.yen)}\n適用日：${from}`,
    '変更にお心当たりのない場合は、第三者がインターネットバンキングにログインしているおそれがあります。至急、下記までご連絡ください。',
  ]);
}

function letter(institution: Institution, subject: string, paragraphs: readonly string[]): MailText {
  const { name, contact } = institution;
  const text = [
    `いつも${name}をご利用いただきありがとうございます。`,
    ...paragraphs,
    `これからも${name}をよろしくお願いいたします。`,
    `本メールは送信専用のアドレスから送付しております。ご返信いただいても受付できません。\nご不明な点がございましたら${name}までご連絡ください。\n連絡先：${contact.phone}（${contact.hours}）`,
    '※これは参考実装です。実在の金融機関からのお知らせではありません。',
  ].join('\n\n');
  return { subject, text: `${text}\n` };
}
