import { decodeProtectedHeader } from 'jose';
import type { ZodType } from 'zod';
import { endorsementSchema, JWT_TYPES } from '../../core/api/token.ts';
import type { Clock } from '../../core/clock.ts';
import type { PinnedInstitution, PublicJwk } from '../../core/institution/directory.ts';
import { readJws } from '../../core/jws.ts';
import { systemClock } from '../system.ts';

/**
 * Reads a message signed by an institution's service (compact JWS, ES256): with a pinned key, or with one that a pinned key
 * endorses in the message's header.
 * @returns the payload, or undefined if signature, kind or shape is wrong
 */
export async function readSigned<T>(
  { serviceKey, nextServiceKey }: Pick<PinnedInstitution, 'serviceKey' | 'nextServiceKey'>,
  typ: string,
  jws: string,
  schema: ZodType<T>,
  clock: Clock = systemClock,
): Promise<T | undefined> {
  const pinned = nextServiceKey === undefined ? [serviceKey] : [serviceKey, nextServiceKey];
  const read = await readBy(pinned, typ, jws, schema);
  if (read !== undefined) return read;
  const endorsed = await endorsedKey(pinned, jws, clock());
  return endorsed && readBy([endorsed], typ, jws, schema);
}

/** The key that the message's header says to be the service's, if a pinned key signed that and it is not over. */
async function endorsedKey(
  pinned: readonly PublicJwk[],
  jws: string,
  now: number,
): Promise<PublicJwk | undefined> {
  const endorsement = endorsementIn(jws);
  const said = endorsement && (await readBy(pinned, JWT_TYPES.endorsement, endorsement, endorsementSchema));
  return said && now < said.exp * 1000 ? said.key : undefined;
}

function endorsementIn(jws: string): string | undefined {
  try {
    const { endorsement } = decodeProtectedHeader(jws);
    return typeof endorsement === 'string' ? endorsement : undefined;
  } catch {
    return undefined;
  }
}

async function readBy<T>(
  keys: readonly PublicJwk[],
  typ: string,
  jws: string,
  schema: ZodType<T>,
): Promise<T | undefined> {
  for (const key of keys) {
    const read = await readJws(jws, key, typ, schema);
    if (read !== undefined) return read;
  }
  return undefined;
}
