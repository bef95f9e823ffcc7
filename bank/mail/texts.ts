import type { Institution } from '../../core/institution/directory.ts';
import { japaneseMinute, japaneseSecond } from '../japanese-time.ts';

export interface MailText {
  readonly subject: string;
  readonly text: string;
}

export type MailKind = 'issue' | 'mail-password' | 'activated' | 'released' | 'locked';

/** 「トークン発行のご案内」: the wording of the guides. */
export function issueMail(institution: Institution, serviceId: string, userId: string): MailText {
  return letter(institution, 'トークン発行のご案内', [
    'トークンアプリにサービスID、ユーザID、利用開始パスワードを入力し、トークン設定を行ってください。',
    `サービスID：${serviceId}\nユーザID：${userId}`,
    `トークンアプリをお持ちでない場合には下記のURLよりダウンロードしてください。\n${institution.serviceOrigin}`,
    '利用開始パスワードは、お申込みの際にお客さまが指定されたものです。\nお心当たりのない場合は、下記までご連絡ください。',
  ]);
}

export function mailPasswordMail(institution: Institution, password: string, sentAt: number): MailText {
  return letter(institution, 'メール通知パスワードのお知らせ', [
    'トークン発行のお申込みに必要なメール通知パスワードをお知らせします。\nお申込みの画面に表示されている送信日時と、下記の送信日時が同じであることをご確認ください。',
    `送信日時：${japaneseSecond(sentAt)}\nメール通知パスワード：${password}`,
    'このパスワードは送信から10分間、1回のお申込みに限り有効です。',
    'お心当たりのない場合は、このパスワードを入力せず、下記までご連絡ください。',
  ]);
}

export function activatedMail(institution: Institution, at: number): MailText {
  return letter(institution, 'ワンタイムパスワード利用開始のお知らせ', [
    `ワンタイムパスワードの利用開始を受け付けました。\n受付日時：${japaneseMinute(at)}`,
    '次回のログインから、ログインIDとログインパスワードに加えてワンタイムパスワードの入力が必要です。',
    'お心当たりのない場合は、至急、下記までご連絡ください。',
  ]);
}

export function releasedMail(institution: Institution, at: number): MailText {
  return letter(institution, 'ワンタイムパスワード利用解除のお知らせ', [
    `ワンタイムパスワードの利用解除を受け付けました。\n受付日時：${japaneseMinute(at)}`,
    '次回のログインから、ワンタイムパスワードの入力は不要です。',
    'ワンタイムパスワードの利用を再開する場合は、トークン発行と利用開始のお手続きを行ってください。',
    'お心当たりのない場合は、至急、下記までご連絡ください。',
  ]);
}

export function lockedMail(institution: Institution, at: number): MailText {
  return letter(institution, 'ワンタイムパスワード認証停止のお知らせ', [
    `ワンタイムパスワードが連続して一定回数以上間違えて入力されたため、ワンタイムパスワード認証を停止しました。\n停止日時：${japaneseMinute(at)}`,
    '以降はログインができません。状況を確認のうえ、当組合にて停止状態の解除を実施いたしますので、下記までご連絡ください。',
    '入力にお心当たりのない場合は、第三者がログインパスワードを知っているおそれがあります。至急ご連絡ください。',
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
