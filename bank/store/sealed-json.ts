import type { z } from 'zod';
import { open, type RandomBytes, seal } from '../../core/vault/seal.ts';

/** Seals a value as JSON; `context` says which row it belongs to. */
export function sealJson(
  key: CryptoKey,
  value: unknown,
  context: string,
  randomBytes: RandomBytes,
): Promise<Uint8Array<ArrayBuffer>> {
  return seal(key, new TextEncoder().encode(JSON.stringify(value)), context, randomBytes);
}

/** Opens what {@link sealJson} made. Copies the bytes first: a driver may return a view into a larger buffer. */
export async function openJson<Schema extends z.ZodType>(
  key: CryptoKey,
  sealed: Uint8Array,
  context: string,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const plain = await open(key, new Uint8Array(sealed), context);
  return schema.parse(JSON.parse(new TextDecoder().decode(plain)));
}
