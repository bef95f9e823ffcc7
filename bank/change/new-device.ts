import type { RequestKind } from '../request/kind.ts';
import { finishChange } from '../store/changes.ts';
import { CHANGE } from './change.ts';

/**
 * 新しい端末でのトークン利用. The bank has nothing to carry out: the token service keeps the confirmation, and accepts the new
 * token's first code only with it.
 */
export const NEW_DEVICE: RequestKind = {
  ...CHANGE,
  type: 'new-device',
  pathOf: (id) => `/otp/replace/requests/${id}`,
  fulfil: async ({ clock }, _institution, id, trx) => {
    await finishChange(trx, id, clock());
  },
};
