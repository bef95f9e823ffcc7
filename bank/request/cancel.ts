import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { hmac } from '../keys.ts';
import { noteCancelTold } from '../store/left-requests.ts';
import type { RequestRow, RequestTable } from '../store/requests.ts';

/** Closes the confirmation of an ended request at the token service; repeated until the service answers. */
export async function tellCancelled(
  { db, keys, serviceFor }: Pick<BankDependencies, 'db' | 'keys' | 'serviceFor'>,
  institution: Institution,
  table: RequestTable,
  { id, user_id, confirmation_id }: RequestRow,
): Promise<'unreachable' | 'answered'> {
  if (user_id === null || confirmation_id === null) return 'answered';
  const key = hmac(keys.forms, JSON.stringify(['cancel', id]));
  const said = await serviceFor(institution).cancelConfirmation(user_id, confirmation_id, key);
  if (said.kind === 'unreachable') return 'unreachable';
  // Decided, expired or unknown: nothing is left to do.
  const settled = said.kind === 'ok' || ['state_conflict', 'token_unknown', 'not_found'].includes(said.code);
  if (settled) await noteCancelTold(db, table, id);
  return 'answered';
}
