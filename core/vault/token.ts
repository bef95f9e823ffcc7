import type { TokenStatus } from '../api/bank.ts';
import type { OtpParameters } from '../otp/totp.ts';

/** A token as lists and headers show it, without its secret. */
export interface TokenSummary {
  readonly id: string;
  /** Key of the institution in the directory. */
  readonly institution: string;
  readonly institutionName: string;
  /** 追加文言; empty until it is set. */
  readonly suffix: string;
  /** シリアルNo, 9 digits; of a token of kind `serial` its シリアル番号, which the customer registers it with. */
  readonly serial: string;
  /** Said where the customer made it, and the bank did not issue it. */
  readonly kind?: 'serial';
  /** Until when such a one can be registered at the bank, Unix time in milliseconds; gone once it is known to be. */
  readonly bindBy?: number;
  /** 利用開始日 of such a one, Unix time in milliseconds: when it was registered, as far as its service has said. */
  readonly activatedAt?: number | undefined;
  /** The device that makes its codes, by its name; missing where this one makes them. */
  readonly decider?: string;
  readonly userId: string;
  readonly parameters: OtpParameters;
  /** 初期設定, which is 利用開始日 where the bank issued it, and 有効期限, Unix time in milliseconds. */
  readonly enrolledAt: number;
  readonly expiresAt: number;
  /** What its service said last of how it stands; missing until it has. */
  readonly status?: TokenStatus;
}

/** Whether a token of such a status has been registered at the bank, or put into use there. */
export const isRegistered = (status: TokenStatus): boolean => !BEFORE_USE.includes(status);

const BEFORE_USE: readonly TokenStatus[] = ['issued', 'enrolled', 'void'];

/** Whether a token of such a status can become nothing any more: no code of it is ever taken again. */
export const isOver = (status: TokenStatus | undefined): boolean =>
  status === 'released' || status === 'void';

/** Whether the bank takes no code of a token of such a status, until somebody lifts that: 認証停止 or 利用停止. */
export const isStopped = (status: TokenStatus | undefined): boolean =>
  status === 'locked' || status === 'suspended';

/** 利用開始日; undefined while it is not known. */
export const startedAt = ({ kind, enrolledAt, activatedAt }: TokenSummary): number | undefined =>
  kind === 'serial' ? activatedAt : enrolledAt;

/** トークン表示名: the institution's name and the 追加文言, in brackets unless it has them already. */
export function displayName({
  institutionName,
  suffix,
}: Pick<TokenSummary, 'institutionName' | 'suffix'>): string {
  if (suffix === '') return institutionName;
  return /^[（(].*[)）]$/.test(suffix) ? `${institutionName}${suffix}` : `${institutionName}（${suffix}）`;
}
