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
  /** The device on which they asked; undefined if they asked at the bank. */
  readonly deviceId?: string | undefined;
}

/**
 * 利用停止 by the customer, if the institution lets customers suspend. A token that is suspended already counts as success,
 * whoever suspended it. Only staff can resume it.
 * @throws ProblemError suspension_by_staff; state_conflict if the token is released or void
 */
export async function suspendByCustomer(
  db: Database,
  write: IdempotentWrite,
  { institution, tokenId, deviceId }: Suspension,
): Promise<TokenRow> {
  if (!suspendsByCustomer(institution)) throw new ProblemError('suspension_by_staff');
  const accepted = await once(db, write, () =>
    actOnToken(db, { write, tokenId, act: 'suspend', byCustomer: { deviceId } }),
  );
  const after = await currentToken(db, { id: tokenId });
  // Staff may have resumed it since the accepted request that this one repeats.
  if (!accepted && after.status !== 'suspended') {
    throw new ProblemError('state_conflict', `The token is ${after.status}`);
  }
  return after;
}

/**
 * The same on a device of the token. Where there is nothing to stop, nothing is written down: a device may ask again and again.
 * @throws ProblemError suspension_by_staff; state_conflict unless the token is in use, locked or suspended
 */
export async function suspendOnDevice(
  db: Database,
  write: IdempotentWrite,
  { institution, token, deviceId }: Omit<Suspension, 'tokenId'> & { readonly token: TokenRow },
): Promise<TokenRow> {
  if (!suspendsByCustomer(institution)) throw new ProblemError('suspension_by_staff');
  if (token.status === 'suspended') return token;
  if (token.status !== 'active' && token.status !== 'locked') {
    throw new ProblemError('state_conflict', `The token is ${token.status}`);
  }
  return suspendByCustomer(db, write, { institution, tokenId: token.id, deviceId });
}
