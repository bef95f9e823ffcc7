import { base64url, exportJWK, type JWK, type JWTPayload, SignJWT } from 'jose';
import { JWT_TYPES } from '../../core/api/token.ts';
import { textDigest } from '../../core/digest.ts';
import type { RandomBytes } from '../../core/vault/seal.ts';

/** The request that a proof is for. `timeMs` is the service's time as the token knows it. */
export interface ProofInput {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly body: string;
  readonly timeMs: number;
}

/** A proof, and the `jti` that the answer must name. */
export interface Proof {
  readonly jws: string;
  readonly jti: string;
}

/** Signs a request with a token's key (RFC 9449 §4.2, with the body's hash as `bh`). */
export async function makeProof(
  keys: CryptoKeyPair,
  { method, url, body, timeMs }: ProofInput,
  randomBytes: RandomBytes,
): Promise<Proof> {
  const jti = base64url.encode(randomBytes(16));
  const jws = await signByToken(keys, JWT_TYPES.proof, {
    jti,
    htm: method,
    htu: url,
    iat: Math.floor(timeMs / 1000),
    bh: await textDigest(body),
  });
  return { jws, jti };
}

/** Signs a token's message (compact JWS, ES256), with its public key in the header. */
export async function signByToken(keys: CryptoKeyPair, typ: string, claims: JWTPayload): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', typ, jwk: await publicJwk(keys.publicKey) })
    .sign(keys.privateKey);
}

/** The public half without optional members, as the API requires. */
export async function publicJwk(key: CryptoKey): Promise<JWK> {
  const { kty, crv, x, y } = await exportJWK(key);
  if (kty === undefined || crv === undefined || x === undefined || y === undefined) {
    throw new TypeError('not an EC public key');
  }
  return { kty, crv, x, y };
}
