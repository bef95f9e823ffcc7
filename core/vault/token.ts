import type { OtpParameters } from '../otp/totp.ts';

/** A token as lists and headers show it; the secret is not in here. */
export interface TokenSummary {
  readonly id: string;
  /** Key of the institution in the directory. */
  readonly institution: string;
  readonly institutionName: string;
  /** 追加文言, empty until set. */
  readonly suffix: string;
  /** シリアルNo, 9 digits. */
  readonly serial: string;
  readonly userId: string;
  readonly parameters: OtpParameters;
  /** 利用開始日 and 有効期限, Unix time in milliseconds. */
  readonly enrolledAt: number;
  readonly expiresAt: number;
}

/** The longest 追加文言, in characters as people count them. */
export const MAX_SUFFIX = 20;

/** トークン表示名: the institution's name and, in brackets unless they are typed already, the 追加文言. */
export function displayName({
  institutionName,
  suffix,
}: Pick<TokenSummary, 'institutionName' | 'suffix'>): string {
  if (suffix === '') return institutionName;
  return /^[（(].*[)）]$/.test(suffix) ? `${institutionName}${suffix}` : `${institutionName}（${suffix}）`;
}

/** Why a 追加文言 cannot be taken. */
export type SuffixProblem = 'too-long' | 'unprintable';

/** Checks a trimmed 追加文言; control, bidi and zero-width characters could make one token look like another. */
export function suffixProblem(suffix: string): SuffixProblem | undefined {
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u.test(suffix)) return 'unprintable';
  if ([...suffix].length > MAX_SUFFIX) return 'too-long';
  return undefined;
}
