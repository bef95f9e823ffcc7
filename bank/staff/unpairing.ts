import type { Institution } from '../../core/institution/directory.ts';
import { findCustomer } from '../store/customers.ts';
import { dropUnpairing, type UnpairingRow } from '../store/unpairings.ts';
import type { CarryOutDependencies } from './carry-out.ts';
import { finishKept, type KeptAct } from './kept-act.ts';
import { removeDevice } from './on-token.ts';
import type { WrittenAct } from './written.ts';

/** パソコンとの連携の解除, kept until its outcome is known. The token service has the bank tell the customer. */
export const unpairing = (
  dependencies: CarryOutDependencies,
  act: WrittenAct,
  { id, device_id, device }: UnpairingRow,
): KeptAct => {
  const written = { ...act, device: { id: device_id, words: device } };
  const drop: KeptAct['drop'] = (handle) => dropUnpairing(handle, id);
  return { written, ask: (key) => removeDevice(dependencies, written, device_id, key), drop, done: drop };
};

export async function finishUnpairing(
  dependencies: CarryOutDependencies,
  institution: Institution,
  row: UnpairingRow,
) {
  const written: WrittenAct = {
    institution,
    staffId: row.acted_by,
    customer: await findCustomer(dependencies.db, row.customer_id),
    userId: row.user_id,
    act: 'unpair',
    reason: row.reason,
    key: row.id,
  };
  return finishKept(dependencies, unpairing(dependencies, written, row));
}
