import { base64url, CompactEncrypt, compactDecrypt, compactVerify, importJWK, type JWK } from 'jose';
import type { ZodType } from 'zod';
import {
  type ApprovalDecision,
  type ApprovalRequest,
  approvalDecisionSchema,
  approvalRequestSchema,
} from '../api/approval.ts';
import { type PairingDecision, pairingDecisionSchema } from '../api/pairing.ts';
import { JWT_TYPES } from '../api/token.ts';

/** What the devices of a token sign for each other. Each is read by the key kept of the device, never by one that came along. */

/** A device's public key: a P-256 JWK, or imported. */
type PublicKey = JWK | CryptoKey;

/** @returns undefined if signature, kind or shape is wrong */
async function readSigned<T>(
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

/** P's decision on a pairing. The caller compares pairing and thumbprints. */
export const readPairingDecision = (jws: string, key: PublicKey): Promise<PairingDecision | undefined> =>
  readSigned(jws, key, JWT_TYPES.pairingDecision, pairingDecisionSchema);

/** D's question. The caller compares the token, and decides about origin and screen. */
export const readApprovalRequest = (jws: string, key: PublicKey): Promise<ApprovalRequest | undefined> =>
  readSigned(jws, key, JWT_TYPES.approvalRequest, approvalRequestSchema);

/**
 * P's decision, if it is on this very question.
 * @param request the question as D signed it
 */
export async function readApprovalDecision(
  jws: string,
  key: PublicKey,
  { approval, request }: { readonly approval: string; readonly request: string },
): Promise<ApprovalDecision | undefined> {
  const decision = await readSigned(jws, key, JWT_TYPES.approvalDecision, approvalDecisionSchema);
  const fits = decision?.approval === approval && decision.request === (await digestOfRequest(request));
  return fits ? decision : undefined;
}

/** By which a decision names the question it answers. @param request compact JWS */
export async function digestOfRequest(request: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(request));
  return base64url.encode(new Uint8Array(hash));
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
