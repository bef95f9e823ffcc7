import type { StaffAct } from '../core/api/staff.ts';
import type { Institution } from '../core/institution/directory.ts';
import type { ServiceDependencies } from './context.ts';
import { once, remembered } from './idempotency.ts';
import { actOnToken } from './store/acts.ts';
import { isUniqueViolation } from './store/database.ts';
import type { TokenRow } from './store/schema.ts';
import { currentToken, type IdempotentWrite } from './store/tokens.ts';
import { newToken } from './token.ts';

/** A token to be replaced, and the act that replaces it. */
export interface InPlace {
  readonly row: TokenRow;
  /** replace: staff replace it at once · begin-replacement: the customer's new token replaces it at its 利用開始 */
  readonly act: 'replace' | 'begin-replacement';
  readonly by?: StaffAct;
  readonly activationPassword: string;
}

/**
 * Issues a token in another's place, once for an idempotency key.
 * @returns the token issued by this request or by the one it repeats; undefined if the old token's status does not allow it
 */
export async function issueInPlace(
  dependencies: Pick<ServiceDependencies, 'db' | 'masterKey' | 'randomBytes'>,
  write: IdempotentWrite,
  institution: Institution,
  asked: InPlace,
): Promise<TokenRow | undefined> {
  const { db } = dependencies;
  const { row, act, by, activationPassword } = asked;
  const replaces = act === 'begin-replacement' ? row.user_id : undefined;
  const replacement = await newToken(dependencies, institution, activationPassword, write.at, replaces);
  try {
    const accepted = await once(db, write, () =>
      actOnToken(db, { write, tokenId: row.id, act, by, replacement }),
    );
    if (!accepted) return undefined;
  } catch (error) {
    if (!isUniqueViolation(error, 'tokens_user')) throw error;
    return issueInPlace(dependencies, write, institution, asked);
  }
  const { tokenId } = (await remembered(db, write)) ?? { tokenId: replacement.id };
  return currentToken(db, { id: tokenId });
}
