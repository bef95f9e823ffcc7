import type { Institution } from '../../core/institution/directory.ts';
import { findCustomer } from '../store/customers.ts';
import { dropReview, type ReviewRow } from '../store/reviews.ts';
import type { CarryOutDependencies } from './carry-out.ts';
import { finishKept, type KeptAct } from './kept-act.ts';
import { actOnToken } from './on-token.ts';
import type { WrittenAct } from './written.ts';

/** 緊急利用停止 whose review is written, which stays when it is done. */
export const emergency = (dependencies: CarryOutDependencies, written: WrittenAct): KeptAct => ({
  written,
  ask: (key) => actOnToken(dependencies, written, key),
  drop: (handle) => dropReview(handle, written.key),
});

export async function finishEmergency(
  dependencies: CarryOutDependencies,
  institution: Institution,
  { key, customer_id, user_id, reason, acted_by }: ReviewRow,
) {
  const written: WrittenAct = {
    institution,
    staffId: acted_by,
    customer: await findCustomer(dependencies.db, customer_id),
    userId: user_id,
    act: 'emergency',
    reason,
    key,
  };
  return finishKept(dependencies, emergency(dependencies, written));
}
