import { compactVerify } from 'jose';
import type { ZodType } from 'zod';

/**
 * A message that a device signed: a compact JWS, ES256, whose `typ` names the kind of message.
 * @returns undefined if signature, kind or shape is wrong
 */
export async function readSigned<T>(
  jws: string,
  key: CryptoKey,
  typ: string,
  schema: ZodType<T>,
): Promise<T | undefined> {
  try {
    const { payload, protectedHeader } = await compactVerify(jws, key, { algorithms: ['ES256'] });
    if (protectedHeader.typ !== typ) return undefined;
    return schema.parse(JSON.parse(new TextDecoder().decode(payload)));
  } catch {
    return undefined;
  }
}
