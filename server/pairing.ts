import { createHmac, createSecretKey, hkdfSync, KeyObject } from 'node:crypto';
import type { ClaimedPairing, PairedToken, Pairing } from '../core/api/pairing.ts';
import { KEY_BYTES } from '../core/otp/key.ts';
import type { RouteDependencies } from './context.ts';
import { institutionOf } from './institutions.ts';
import { findDevice } from './store/devices.ts';
import { type PairingOfToken, pairingStatusAt } from './store/pairings.ts';
import { findTokenById } from './store/tokens.ts';
import { descriptionOf } from './token-device.ts';
import { otpParametersOf } from './token-parameters.ts';

/** What the two devices of a pairing are told. */

type Described = Pick<RouteDependencies, 'db' | 'directory' | 'clock'>;

/** By which a code is kept and found: with the database alone it cannot be guessed. */
export function pairingCodeHasher(masterKey: CryptoKey): (code: string) => Uint8Array<ArrayBuffer> {
  const bytes = hkdfSync('sha256', KeyObject.from(masterKey), '', 'warifu pairing codes', KEY_BYTES);
  const key = createSecretKey(new Uint8Array(bytes));
  return (code) => new Uint8Array(createHmac('sha256', key).update(code).digest());
}

const commonOf = (row: PairingOfToken, proof: string, now: number) => ({
  pairing: row.id,
  proof,
  status: pairingStatusAt(row, now),
  now,
  expiresAt: row.expires_at.toISOString(),
});

/** What the device that began a pairing is told, without the code. */
export async function pairingOfRow(
  dependencies: Described,
  row: PairingOfToken,
  proof: string,
): Promise<Pairing> {
  const common = { ...commonOf(row, proof, dependencies.clock()), jkt: row.jkt };
  if (row.phone_key === null || row.phone_nonce === null) return common;
  const { db } = dependencies;
  const token = await findTokenById(db, row.token_id ?? '');
  const phone = await findDevice(db, row.token_id ?? '', row.device_id ?? '');
  if (token === undefined || phone === undefined) return common;
  const { serviceId } = institutionOf(dependencies, token.institution);
  const { serial, enrolled_at, expires_at } = token;
  if (!serial || !enrolled_at || !expires_at) throw new Error('paired token is not enrolled');
  const paired: PairedToken = {
    tokenId: token.id,
    serviceId,
    userId: token.user_id,
    kind: token.kind,
    serial,
    ...otpParametersOf(token),
    enrolledAt: enrolled_at.toISOString(),
    expiresAt: expires_at.toISOString(),
  };
  return {
    ...common,
    phone: {
      serviceId,
      signingKey: row.phone_key,
      nonce: row.phone_nonce,
      device: descriptionOf(phone),
    },
    ...(row.status === 'paired' && { token: paired }),
  };
}

/** What the device that gave the code is told. */
export const claimedPairingOfRow = (row: PairingOfToken, proof: string, now: number): ClaimedPairing => ({
  ...commonOf(row, proof, now),
  tokenId: row.token_id ?? '',
  signingKey: row.signing_key,
  receivingKey: row.receiving_key,
  commitment: row.commitment,
  device: descriptionOf(row),
  ...(row.nonce !== null && { nonce: row.nonce }),
});
