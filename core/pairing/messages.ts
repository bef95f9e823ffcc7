import { CompactEncrypt, compactDecrypt, importJWK, type JWK } from 'jose';
import {
  type ApprovalRequest,
  approvalDecisionSchema,
  approvalRequestSchema,
  type SignedDecision,
} from '../api/approval.ts';
import { type PairingDecision, pairingDecisionSchema } from '../api/pairing.ts';
import { JWT_TYPES } from '../api/token.ts';
import { textDigest } from '../digest.ts';
import { type PublicKey, readJws } from '../jws.ts';

/** What the devices of a token sign for each other. Each is read by the key kept of the device, never by one that came along. */

/** P's decision on a pairing. The caller compares pairing and thumbprints. */
export const readPairingDecision = (jws: string, key: PublicKey): Promise<PairingDecision | undefined> =>
  readJws(jws, key, JWT_TYPES.pairingDecision, pairingDecisionSchema);

/** D's question. The caller compares the token, and decides about origin and screen. */
export const readApprovalRequest = (jws: string, key: PublicKey): Promise<ApprovalRequest | undefined> =>
  readJws(jws, key, JWT_TYPES.approvalRequest, approvalRequestSchema);

/**
 * P's decision, if it is on this very question.
 * @param request the question as D signed it
 */
export async function readApprovalDecision(
  jws: string,
  key: PublicKey,
  { approval, request }: { readonly approval: string; readonly request: string },
): Promise<SignedDecision | undefined> {
  const decision = await readJws(jws, key, JWT_TYPES.approvalDecision, approvalDecisionSchema);
  const fits = decision?.approval === approval && decision.request === (await textDigest(request));
  return fits ? decision : undefined;
}

/** Encrypts a code to the device that fills: nobody between the two can read it. */
export async function encryptCode(code: string, receivingKey: JWK): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(code))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
    .encrypt(await importJWK({ ...receivingKey }, 'ECDH-ES'));
}

/** @returns undefined if it is not a code for this key */
export async function decryptCode(jwe: string, receivingKey: CryptoKey): Promise<string | undefined> {
  try {
    const { plaintext } = await compactDecrypt(jwe, receivingKey, {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    const code = new TextDecoder().decode(plaintext);
    return /^[0-9]{6,8}$/.test(code) ? code : undefined;
  } catch {
    return undefined;
  }
}
