import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';
import { JWT_TYPES, PROOF_LIFETIME_S, proofSchema, publicJwkSchema } from '../core/api/token.ts';
import { equalInConstantTime } from '../host/compare.ts';
import type { CheckedProof, RouteDependencies } from './context.ts';
import { takeAll } from './limits.ts';
import { ProblemError } from './problem.ts';
import { seeDevice } from './store/devices.ts';
import { isUnbound } from './token.ts';

/** The request that a proof must be made for. */
export interface ProofPurpose {
  readonly method: string;
  /** URLs of the requested resource. */
  readonly urls: readonly string[];
  readonly body: Uint8Array;
  /** Id of the confirmation that is decided on, if any. */
  readonly confirmationId?: string | undefined;
  /** Whether the key may be unknown, as it is to become a device's. */
  readonly isForStrangers?: boolean;
}

type ProofDependencies = Pick<RouteDependencies, 'db' | 'gathered' | 'clock' | 'limits' | 'strangersProofs'>;

/**
 * Checks a token's proof in the order of RFC 9449 §4.3: one well-formed JWT of the right type, signed by the embedded
 * key, for this method, this URL, this body, now, and never seen before. The database remembers proofs by tokens' keys. A
 * proof by an unknown key is good for becoming a device only; this node alone remembers it, and the database does if an enrolment
 * succeeds.
 * @param proof a compact JWS
 * @throws ProblemError proof_invalid, rate_limited
 */
export async function checkProof(
  proof: string | null,
  { method, urls, body, confirmationId, isForStrangers = false }: ProofPurpose,
  { db, gathered, clock, limits, strangersProofs }: ProofDependencies,
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
  takeAll([{ limit: limits.key, key: jkt }], now);
  const { jti } = claims;
  const until = new Date(now + 2 * PROOF_LIFETIME_S * 1000);
  const admitted = await gathered.admitProof({ jti, expiresAt: until, jkt, confirmationId });
  if (admitted === undefined) throw new ProblemError('proof_invalid');
  if (isForStrangers && admitted.token === undefined && !strangersProofs.isFirst(jti, now)) {
    throw new ProblemError('proof_invalid');
  }
  const { device, token } = admitted;
  if (device && token && !isUnbound(token)) await seeDevice(db, device, new Date(now));
  return { jkt, jti, until, publicKey, ...admitted };
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
