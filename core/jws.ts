import { compactVerify, importJWK, type JWK } from 'jose';
import type { ZodType } from 'zod';

/** A public key: a P-256 JWK (RFC 7518 §6.2), or imported. */
export type PublicKey = JWK | CryptoKey;

/**
 * A message signed by one key: a compact JWS (RFC 7515), ES256, whose `typ` names the kind of message.
 * @returns the payload, or undefined if signature, kind or shape is wrong
 */
export async function readJws<T>(
  jws: string,
  key: PublicKey,
  typ: string,
  schema: ZodType<T>,
): Promise<T | undefined> {
  try {
    const imported = key instanceof CryptoKey ? key : await importJWK({ ...key }, 'ES256');
    const { payload, protectedHeader } = await compactVerify(jws, imported, { algorithms: ['ES256'] });
    if (protectedHeader.typ !== typ) return undefined;
    return schema.parse(JSON.parse(new TextDecoder().decode(payload)));
  } catch {
    return undefined;
  }
}
