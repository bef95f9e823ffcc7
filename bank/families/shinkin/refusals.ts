import type { Institution } from '../../../core/institution/directory.ts';
import type { OtpProcedureKind } from '../../store/schema.ts';
import { isHardware, type TokenState } from '../../token/state.ts';

/** @returns undefined if the procedure can continue; otherwise why not, and what to do */
export function procedureRefusal(
  kind: OtpProcedureKind,
  state: TokenState,
  { contact }: Pick<Institution, 'contact'>,
): string | undefined {
  const call = `当金庫までご連絡ください。電話 ${contact.phone}（${contact.hours}）`;
  switch (state.kind) {
    case 'locked':
      return `ワンタイムパスワード認証が停止しているため、お手続きができません。${call}`;
    case 'suspended':
      return `トークンが利用停止になっているため、お手続きができません。${call}`;
    case 'expired':
      return `トークンの有効期限が過ぎているため、お手続きができません。${call}`;
    case 'active':
      if (kind === 'register')
        return '契約者IDに登録できるワンタイムパスワードは一つだけです。すでに登録されているため、利用開始はできません。新しいトークンに替える場合は「交換」を、これまでのトークンを表示できない場合は「お困りのとき」をご覧ください。';
      return kind === 'resync' && !isHardware(state)
        ? 'ご利用中のトークンはソフトウェアトークンのため、再同期は必要ありません。端末の日付、時刻、タイムゾーンを日本時間に合わせ、トークンアプリを開き直してください。'
        : undefined;
    default:
      return kind === 'register'
        ? undefined
        : 'ワンタイムパスワードは登録されていません。はじめてご利用になる場合は「利用開始」を行ってください。';
  }
}
