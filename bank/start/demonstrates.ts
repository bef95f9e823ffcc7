import { familyOf } from '../../core/family/families.ts';
import { confirmingOf } from '../../core/institution/confirming.ts';
import type { Institution, ReleaseWay } from '../../core/institution/directory.ts';
import { loginWaysOf } from '../../core/institution/login.ts';
import { daysOn } from '../format.ts';
import { takesPaper } from '../token/ways.ts';

export interface Point {
  readonly name: string;
  readonly value: string;
}

const WHO: Record<ReleaseWay['by'], string> = {
  'self-service': 'お客さま（画面で）',
  phone: '電話',
  counter: '窓口',
};

/** What an institution demonstrates, read from its directory entry. */
export function demonstrates(institution: Institution): readonly Point[] {
  const { rules, otp } = institution;
  const { endUse } = familyOf(institution).words;
  return [
    {
      name: '取引認証',
      value:
        confirmingOf(institution).mode === 'approve'
          ? '承認（トークンで内容を確認して承認する）'
          : 'コード（確認後に表示される取引認証コードを入力する）',
    },
    ...signing(institution),
    { name: '申込', value: takesPaper({ rules }) ? '窓口申込（職員が登録）' : 'オンライン' },
    issuing(institution),
    { name: 'コード', value: `${otp.digits}桁・${otp.period}秒ごと` },
    { name: endUse, value: rules.release.map(({ by }) => WHO[by]).join('、') },
    { name: '再発行', value: reissue(rules.reissueAfterDays) },
    {
      name: '一日の限度額',
      value: dailyLimit(institution),
    },
  ];
}

function dailyLimit(institution: Institution): string {
  const { dailyLimitWithoutOtp, dailyLimitMost, limitChangeAfterDays } = institution.rules;
  const needsOtp = familyOf(institution).words.needsOtp !== undefined;
  const first = needsOtp ? '利用開始前はお振込できません。利用開始後' : '利用開始前';
  const from = limitChangeAfterDays === 0 ? '即日' : `${limitChangeAfterDays}日後から`;
  return `${first} ${yen(dailyLimitWithoutOtp)}、変更により最高 ${yen(dailyLimitMost)}（${from}）`;
}

function signing(institution: Institution): readonly Point[] {
  const ways = loginWaysOf(institution);
  if (!ways.includes('signed')) return [];
  const other = ways.includes('code') ? '。コードの入力も可' : '';
  return [
    { name: 'ログイン', value: `署名（拡張機能が画面のアドレスを確かめて署名し、入力は不要）${other}` },
  ];
}

function issuing({ tokenKind, rules: { emailPassword, hardwareLimit } }: Institution): Point {
  if (tokenKind !== 'serial') {
    return { name: 'メール通知パスワード', value: emailPassword ? 'トークン発行で入力' : 'なし' };
  }
  const hardware =
    hardwareLimit === undefined ? '' : `。ハードウェアトークンでの振込は1件 ${yen(hardwareLimit)}まで`;
  return { name: 'トークン', value: `お客さまが作り、シリアル番号で登録${hardware}` };
}

const reissue = (days: number) => (days === 0 ? '当日から' : `${daysOn(days)}から`);

/** Whole multiples of 10,000 yen, as they are said. */
const yen = (amount: number) =>
  amount % 10_000 === 0
    ? `${(amount / 10_000).toLocaleString('ja-JP')}万円`
    : `${amount.toLocaleString('ja-JP')}円`;
