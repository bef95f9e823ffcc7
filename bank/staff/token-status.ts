import type { TokenDevice, TokenStatus } from '../../core/api/bank.ts';
import type { StaffToken, SuspendableStatus } from '../../core/api/staff.ts';
import { hasEnded, isTooLateToEnrol } from '../token/state.ts';

/** unknown: the token service does not say, or has been asked too often · none: no token was issued yet · else its status, as the service says it just now */
export type StaffTokenState =
  | { readonly kind: 'unknown'; readonly busy?: boolean }
  | { readonly kind: 'none' }
  | { readonly kind: TokenStatus; readonly token: StaffToken };

export const STATUS_LABELS: Readonly<Record<StaffTokenState['kind'], string>> = {
  unknown: '確認できません',
  none: '未登録',
  issued: 'トークン発行済（初期設定待ち）',
  enrolled: 'トークン発行済（利用開始待ち）',
  active: 'サービス利用中',
  locked: '認証停止中',
  suspended: '利用停止中',
  released: '利用解除済',
  void: '発行取消・期限切れ',
};

/**
 * Whether it is in use, stopped or not, and past its 有効期限: from that moment it accepts nothing, whatever is lifted, and may still
 * be released.
 */
export const isExpired = (state: StaffTokenState, at: number): boolean =>
  'token' in state && isInUse(state) && hasEnded(state.token, at);

/** How a token stands, in a word. @param at Unix milliseconds */
export function statusText(state: StaffTokenState, at: number): string {
  const label = STATUS_LABELS[state.kind];
  if (!isExpired(state, at)) return label;
  return state.kind === 'active' ? '有効期限切れ' : `${label}（有効期限切れ）`;
}

/** How a suspended token stood before, and what has become of that. @param at Unix milliseconds */
export const statusBefore = (token: StaffToken, from: SuspendableStatus, at: number): string =>
  from === 'issued' && isTooLateToEnrol(token, at)
    ? 'トークン発行済（初期設定の期限切れ）'
    : STATUS_LABELS[from];

export const isLocked = ({ kind }: StaffTokenState): boolean => kind === 'locked';

export const isSuspended = ({ kind }: StaffTokenState): boolean => kind === 'suspended';

export const canBeSuspended = ({ kind }: StaffTokenState): boolean =>
  kind === 'issued' || kind === 'enrolled' || kind === 'active' || kind === 'locked';

/** Whether 利用開始 was done and no 利用解除 since; a suspension does not count. */
export function isInUse(state: StaffTokenState): boolean {
  const kind = state.kind === 'suspended' ? state.token.suspendedFrom : state.kind;
  return kind === 'active' || kind === 'locked';
}

/** The devices that fill for the token, by their customer's pairing. */
export const pairedDevices = (state: StaffTokenState): readonly TokenDevice[] =>
  'token' in state ? (state.token.devices ?? []).filter(({ may }) => may === 'fill') : [];

export const hasPaired = (state: StaffTokenState): boolean => pairedDevices(state).length > 0;
