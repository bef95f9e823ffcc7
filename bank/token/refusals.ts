import { familyOf } from '../../core/family/families.ts';
import type { Institution } from '../../core/institution/directory.ts';
import { isEnding } from '../../core/institution/expiry.ts';
import { suspendsByCustomer } from '../../core/institution/guide.ts';
import { policyOf } from '../../core/institution/policy.ts';
import { japaneseDate, minuteInJapan, startOfJapaneseDay } from '../format.ts';
import { isStop, type OtpUse, type TokenState, type TokenStop } from './state.ts';
import {
  releaseElsewhere,
  releasesOnline,
  replacesOnline,
  suspendElsewhere,
  unlockAtCounter,
} from './ways.ts';

/** What the customer can apply for on BOP001. */
export type Application = 'issue' | 'activate' | 'release' | 'replace' | 'renew' | 'suspend';

/** @returns undefined if the application is possible; otherwise why it is not, and what to do */
export function refusalOf(
  application: Application,
  state: TokenState,
  institution: Institution,
  now: number,
): string | undefined {
  if (application === 'release' && !releasesOnline(institution)) return releaseElsewhere(institution);
  if (application === 'replace' && !replacesOnline(institution)) {
    return `新しい端末でのトークン利用は、この画面ではお手続きできません。${releaseElsewhere(institution)}`;
  }
  if (application === 'suspend' && !suspendsByCustomer(institution)) return suspendElsewhere(institution);
  if (isStop(state.kind)) return stoppedNotice(institution, state.kind, 'お手続き');
  if (application === 'issue') return issueRefusal(state, institution, now);
  if (application === 'activate') return activateRefusal(state);
  if (application === 'renew') return renewRefusal(state, institution, now);
  if (state.kind === 'active') return undefined;
  if (application === 'suspend') {
    return 'トークンは利用されていません。利用停止のお手続きは、サービス利用中の場合に行うことができます。';
  }
  return application === 'replace'
    ? '新しい端末でのトークン利用は、サービス利用中の場合に行うことができます。はじめてご利用になる場合は「トークン発行」を行ってください。'
    : 'ワンタイムパスワードは利用されていません。利用解除のお手続きは、サービス利用中の場合に行うことができます。';
}

const STOPS: Readonly<Record<TokenStop, string>> = {
  locked: 'ワンタイムパスワード認証が停止している',
  suspended: 'トークンが利用停止になっている',
  expired: 'トークンの有効期限が過ぎている',
};

/** Why a stopped token prevents transfers or changes. */
export const stoppedNotice = (
  institution: Institution,
  stop: TokenStop,
  what: 'お振込・お振替' | 'お手続き' = 'お振込・お振替',
) => `${STOPS[stop]}ため、${what}ができません。${wayOut(institution, stop)}`;

function wayOut(institution: Institution, stop: TokenStop): string {
  const call = callUs(institution);
  return (stop === 'locked' ? unlockAtCounter(institution, call) : undefined) ?? call;
}

/**
 * Why the token's present state prevents transfers; undefined if it does not.
 * @param needsOtp the reason to give without the OTP in use; undefined if transfers are possible without it
 */
export function barredBy(
  institution: Institution,
  use: OtpUse | undefined,
  needsOtp: string | undefined,
): string | undefined {
  if (isStop(use)) return stoppedNotice(institution, use);
  return use === 'not-in-use' ? needsOtp : undefined;
}

function callUs(institution: Institution): string {
  const { phone, hours } = institution.contact;
  return `${familyOf(institution).words.us}までご連絡ください。電話 ${phone}（${hours}）`;
}

function issueRefusal(state: TokenState, institution: Institution, now: number): string | undefined {
  if (state.kind === 'active') {
    const first = releasesOnline(institution)
      ? '機種変更等の場合は、先に「ワンタイムパスワード利用解除」を行ってください。'
      : `機種変更等の場合は、先に利用解除のお手続きが必要です。${releaseElsewhere(institution)}`;
    return `すでにワンタイムパスワードを利用中のため、トークン発行はできません。${first}`;
  }
  const from = reissueFrom(state, institution.rules.reissueAfterDays);
  return from !== undefined && now < from ? `トークンは${japaneseDate(from)}以降に発行できます。` : undefined;
}

function activateRefusal({ kind }: TokenState): string | undefined {
  if (kind === 'enrolled') return undefined;
  if (kind === 'active') return 'ワンタイムパスワードの利用開始はすでに完了しています。';
  if (kind === 'issued') {
    return 'トークンアプリの初期設定がまだ完了していません。サービスID、ユーザID、利用開始パスワードをトークンアプリに入力して初期設定を行ってから、もう一度お手続きください。';
  }
  return 'トークンが発行されていません。先に「トークン発行」を行ってください。';
}

function renewRefusal(state: TokenState, institution: Institution, now: number): string | undefined {
  if (state.kind !== 'active' || state.token.expiresAt === undefined) {
    return '有効期限の更新は、ワンタイムパスワードをご利用中の場合に行うことができます。';
  }
  if (isRenewable(state, institution, now)) return undefined;
  const end = minuteInJapan(Date.parse(state.token.expiresAt));
  return `トークンの有効期限は${end}です。有効期限の更新は、その${policyOf(institution).warnDays}日前から行うことができます。`;
}

/** Whether the token is in use, and its 有効期限 near enough to be renewed. */
export const isRenewable = (state: TokenState, institution: Institution, now: number): boolean =>
  state.kind === 'active' &&
  state.token.expiresAt !== undefined &&
  isEnding(Date.parse(state.token.expiresAt), now, policyOf(institution));

/** The earliest time to issue a token after 利用解除. */
function reissueFrom(state: TokenState, days: number): number | undefined {
  if (state.kind !== 'released' || state.token.releasedAt === undefined) return undefined;
  if (state.mayReissue) return Date.parse(state.token.releasedAt);
  return startOfJapaneseDay(Date.parse(state.token.releasedAt), days);
}

/** What the customer should know besides the status. */
export function remarkOf(state: TokenState, institution: Institution, now: number): string | undefined {
  if (state.kind === 'void') {
    return '前回発行したトークンは、初期設定の期限が過ぎたか、お手続きが取り消されたため無効になりました。ご利用になるには、もう一度「トークン発行」を行ってください。';
  }
  if (state.kind === 'issued') {
    const by = minuteInJapan(Date.parse(state.token.enrolBy));
    return `トークンアプリの初期設定を${by}までに行い、続けて「ワンタイムパスワード利用開始」を行ってください。`;
  }
  if (isRenewable(state, institution, now)) {
    return '有効期限が近づいています。有効期限を過ぎるとログインできなくなりますので、それまでに「有効期限の更新」を行ってください。';
  }
  if (state.kind === 'enrolled') {
    return '初期設定は完了しています。「ワンタイムパスワード利用開始」を行ってください。';
  }
  if (state.kind === 'active' && state.token.replacement !== undefined) {
    return '新しい端末でのトークン利用のお手続き中です。「新しい端末でのトークン利用」から続けることができます。';
  }
  const from = reissueFrom(state, institution.rules.reissueAfterDays);
  if (from === undefined) return undefined;
  return now < from
    ? `利用解除を受け付けました。トークンは${japaneseDate(from)}以降に発行できます。`
    : '利用解除済みです。「トークン発行」から利用を再開できます。';
}
