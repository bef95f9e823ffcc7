import { CompactEncrypt, importJWK } from 'jose';
import type { Device } from '../core/api/bank.ts';
import type { Enrolment } from '../core/api/token.ts';
import type { Institution, PublicJwk } from '../core/institution/directory.ts';
import { checkText } from '../core/transaction/text.ts';
import { MOST_NAME } from '../core/transaction/types.ts';
import { type MasterKey, openSealed } from './master-key.ts';
import { ProblemError } from './problem.ts';
import type { TokenRow } from './store/schema.ts';
import { otpParametersOf } from './token-parameters.ts';

/** What the ways to set a token up have in common. */

/** A device's description, its name brought to the form that is signed and shown. @throws ProblemError invalid_request */
export function readDevice(device: Device): Device;
export function readDevice(device: Device | undefined): Device | undefined;
export function readDevice(device: Device | undefined): Device | undefined {
  if (device === undefined) return undefined;
  const checked = checkText(device.name, MOST_NAME);
  if (checked.kind === 'text') return { ...device, name: checked.text };
  throw new ProblemError('invalid_request', `device.name: ${checked.reason}`, ['device.name']);
}

/** A point off the curve is found out before anything is written. */
export async function readReceivingKey(jwk: PublicJwk): Promise<CryptoKey> {
  try {
    const key = await importJWK({ ...jwk }, 'ECDH-ES');
    if (key instanceof CryptoKey) return key;
  } catch {
    // Told below, as a field that was wrong.
  }
  throw new ProblemError('invalid_request', 'receivingKey is not a point of P-256', ['receivingKey']);
}

/** What a token is told of itself once it is set up, with its OTP key encrypted to its receiving key. To be signed. */
export async function describeEnrolment(
  masterKey: MasterKey,
  row: TokenRow,
  { serviceId }: Institution,
  { jkt, receivingKey }: { readonly jkt: string; readonly receivingKey: CryptoKey },
): Promise<Enrolment> {
  const { secret, serial, enrolled_at, expires_at } = row;
  if (!secret || !serial || !enrolled_at || !expires_at) throw new Error('enrolled token has no keys');
  const key = await openSealed(masterKey, secret, row.id);
  return {
    tokenId: row.id,
    serviceId,
    userId: row.user_id,
    serial,
    jkt,
    ...otpParametersOf(row),
    enrolledAt: enrolled_at.toISOString(),
    expiresAt: expires_at.toISOString(),
    secret: await new CompactEncrypt(key)
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
      .encrypt(receivingKey),
  };
}
