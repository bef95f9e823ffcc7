import type { Institution } from '../core/institution/directory.ts';
import { suspendsByCustomer } from '../core/institution/guide.ts';
import { once } from './idempotency.ts';
import { ProblemError } from './problem.ts';
import { actOnToken } from './store/acts.ts';
import type { Database } from './store/database.ts';
import type { TokenRow } from './store/schema.ts';
import { currentToken, type IdempotentWrite } from './store/tokens.ts';

/** A token whose customer asks for 利用停止. */
export interface Suspension {
  readonly institution: Institution;
  readonly tokenId: string;
  /** The device they asked on; undefined where it was at the bank. */
  readonly deviceId?: string | undefined;
}

/**
 * 利用停止 as the customer asks for it, where their institution lets them. A token that is suspended already is what was asked
 * for, whoever suspended it; staff alone lead out of it.
 * @throws ProblemError suspension_by_staff; state_conflict where the token is at its end
 */
export async function suspendByCustomer(
  db: Database,
  write: IdempotentWrite,
  { institution, tokenId, deviceId }: Suspension,
): Promise<TokenRow> {
  if (!suspendsByCustomer(institution)) throw new ProblemError('suspension_by_staff');
  await once(db, write, () => actOnToken(db, { write, tokenId, act: 'suspend', byCustomer: { deviceId } }));
  const after = await currentToken(db, { id: tokenId });
  if (after.status !== 'suspended') throw new ProblemError('state_conflict', `The token is ${after.status}`);
  return after;
}
