import type { RequestKind } from '../request/kind.ts';
import { finishChange } from '../store/changes.ts';
import { CHANGE } from './change.ts';

/**
 * 新しい端末でのトークン利用. What comes of the confirmation the token service keeps: only with it will it take the first code of
 * the new token.
 */
export const NEW_DEVICE: RequestKind = {
  ...CHANGE,
  type: 'new-device',
  pathOf: (id) => `/otp/replace/requests/${id}`,
  fulfil: async ({ clock }, _institution, id, trx) => {
    await finishChange(trx, id, clock());
  },
};
