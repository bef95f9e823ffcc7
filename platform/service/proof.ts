import { base64url, exportJWK, type JWK, SignJWT } from 'jose';
import { JWT_TYPES } from '../../core/api/token.ts';
import type { RandomBytes } from '../../core/vault/seal.ts';

/** What a proof is made for. `timeMs` is the service's time as the token knows it. */
export interface ProofInput {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body: string;
  readonly timeMs: number;
}

/** Signs a request with a token's key (RFC 9449 §4.2, with the body's hash as `bh`). */
export async function makeProof(
  keys: CryptoKeyPair,
  { method, url, body, timeMs }: ProofInput,
  randomBytes: RandomBytes,
): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body));
  return new SignJWT({
    jti: base64url.encode(randomBytes(16)),
    htm: method,
    htu: url,
    iat: Math.floor(timeMs / 1000),
    bh: base64url.encode(new Uint8Array(hash)),
  })
    .setProtectedHeader({ alg: 'ES256', typ: JWT_TYPES.proof, jwk: await publicJwk(keys.publicKey) })
    .sign(keys.privateKey);
}

/** The public half as the API wants it: no optional members. */
export async function publicJwk(key: CryptoKey): Promise<JWK> {
  const { kty, crv, x, y } = await exportJWK(key);
  if (kty === undefined || crv === undefined || x === undefined || y === undefined) {
    throw new TypeError('not an EC public key');
  }
  return { kty, crv, x, y };
}
