import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';
import { JWT_TYPES, PROOF_LIFETIME_S, proofSchema, publicJwkSchema } from '../core/api/token.ts';
import { equalInConstantTime } from './compare.ts';
import type { RouteDependencies } from './context.ts';
import { ProblemError } from './problem.ts';
import type { ConfirmationRow, TokenRow } from './store/schema.ts';

/** A proof that passed. */
export interface CheckedProof {
  /** Thumbprint of the key that signed it (RFC 7638). */
  readonly jkt: string;
  readonly jti: string;
  readonly publicKey: CryptoKey;
  readonly token: TokenRow | undefined;
  readonly confirmation: ConfirmationRow | undefined;
}

/** What a proof must be for. */
export interface ProofPurpose {
  readonly method: string;
  /** URLs that mean this resource. */
  readonly urls: readonly string[];
  readonly body: Uint8Array;
  /** Id of the confirmation that is decided on, if any. */
  readonly confirmationId?: string | undefined;
  /** Whether it may be of a key that is no token's yet. */
  readonly enrolling?: boolean;
}

/**
 * Checks a token's proof in the order of RFC 9449 §4.3: one well-formed JWT of the right type, signed by the embedded
 * key, for this method, this URL, this body, now, and never seen before.
 * @param proof a compact JWS
 * @throws ProblemError proof_invalid
 */
export async function checkProof(
  proof: string | null,
  { method, urls, body, confirmationId, enrolling = false }: ProofPurpose,
  { gathered, clock }: Pick<RouteDependencies, 'gathered' | 'clock'>,
): Promise<CheckedProof> {
  if (proof === null || proof.length > 4096) throw new ProblemError('proof_invalid');
  const now = clock();
  const { jkt, publicKey, claims } = await readSigned(proof, now);
  const bodyHash = createHash('sha256').update(body).digest('base64url');
  const fits =
    claims.htm === method &&
    urls.includes(claims.htu) &&
    equalInConstantTime(claims.bh, bodyHash) &&
    Math.abs(now / 1000 - claims.iat) <= PROOF_LIFETIME_S;
  if (!fits) throw new ProblemError('proof_invalid');
  const expiresAt = new Date(now + 2 * PROOF_LIFETIME_S * 1000);
  const admitted = await gathered.admitProof({ jti: claims.jti, expiresAt, jkt, confirmationId, enrolling });
  if (admitted === undefined) throw new ProblemError('proof_invalid');
  return { jkt, jti: claims.jti, publicKey, ...admitted };
}

async function readSigned(token: string, now: number) {
  try {
    const { payload, protectedHeader, key } = await jwtVerify(token, EmbeddedJWK, {
      algorithms: ['ES256'],
      typ: JWT_TYPES.proof,
      currentDate: new Date(now),
      clockTolerance: PROOF_LIFETIME_S,
    });
    const jwk = publicJwkSchema.parse(protectedHeader.jwk);
    if (!(key instanceof CryptoKey)) throw new TypeError('not a key');
    return { jkt: await calculateJwkThumbprint(jwk), publicKey: key, claims: proofSchema.parse(payload) };
  } catch (cause) {
    throw Object.assign(new ProblemError('proof_invalid'), { cause });
  }
}
