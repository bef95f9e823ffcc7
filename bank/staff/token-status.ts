import type { TokenDevice, TokenStatus } from '../../core/api/bank.ts';
import type { StaffToken } from '../../core/api/staff.ts';
import { hasEnded } from '../token/state.ts';

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

/** Whether it is in use and past its 有効期限: from that moment it accepts nothing, and may still be released. */
export const isExpired = (state: StaffTokenState, at: number): boolean =>
  state.kind === 'active' && hasEnded(state.token, at);

/** How a token stands, in a word. @param at Unix milliseconds */
export const statusText = (state: StaffTokenState, at: number): string =>
  isExpired(state, at) ? '有効期限切れ' : STATUS_LABELS[state.kind];

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
