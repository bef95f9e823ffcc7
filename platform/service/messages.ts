import { compactVerify, importJWK } from 'jose';
import type { ZodType } from 'zod';
import type { PinnedInstitution } from '../../core/institution/directory.ts';

/**
 * Reads a message signed by an institution's service (compact JWS, ES256), with the pinned key.
 * @returns the payload, or undefined if signature, kind or shape is wrong
 */
export async function readSigned<T>(
  institution: PinnedInstitution,
  typ: string,
  jws: string,
  schema: ZodType<T>,
): Promise<T | undefined> {
  try {
    const key = await importJWK({ ...institution.serviceKey }, 'ES256');
    const { payload, protectedHeader } = await compactVerify(jws, key, { algorithms: ['ES256'] });
    if (protectedHeader.typ !== typ) return undefined;
    return schema.parse(JSON.parse(new TextDecoder().decode(payload)));
  } catch {
    return undefined;
  }
}
