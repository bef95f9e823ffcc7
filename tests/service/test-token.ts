import { createHash, randomBytes } from 'node:crypto';
import {
  calculateJwkThumbprint,
  compactDecrypt,
  decodeJwt,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  SignJWT,
} from 'jose';

/**
 * A token written from docs/PROTOCOL.md alone, without the product's own code: any other client would get the same
 * answers.
 */
export interface TestToken {
  readonly signingKey: JWK;
  readonly receivingKey: JWK;
  readonly jkt: string;
  proof(input: ProofInput): Promise<string>;
  /** A decision over some details' canonical text, signed as the product's tokens sign it. */
  decide(decision: {
    confirmation: string;
    decision: string;
    details: string;
    origin?: string | null | undefined;
    factors?: readonly string[] | undefined;
  }): Promise<string>;
  /** Any other message that a device signs. */
  sign(typ: string, claims: object): Promise<string>;
  /** The code in an approval, encrypted to its receiving key. */
  openCode(jwe: string): Promise<string>;
  openSecret(enrolment: string): Promise<EnrolmentClaims & { key: Uint8Array<ArrayBuffer> }>;
  /** Its private signing key, from which the same token can be made again. */
  saveKey(): Promise<JWK>;
}

interface EnrolmentClaims {
  readonly tokenId: string;
  readonly userId: string;
  readonly serial: string;
  readonly algorithm: 'SHA-1' | 'SHA-256';
  readonly digits: 6 | 8;
  readonly period: 30 | 60;
  readonly expiresAt: string;
}

export interface ProofInput {
  readonly method: string;
  readonly url: string;
  readonly body?: string;
  readonly timeMs: number;
  readonly jti?: string;
  readonly typ?: string;
}

/** @param saved a signing key to use again; a new one where there is none */
export async function createTestToken(saved?: JWK): Promise<TestToken> {
  const signing = saved ? await readKeyPair(saved) : await generateKeyPair('ES256', { extractable: true });
  const receiving = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true });
  const signingKey = await exportJWK(signing.publicKey);
  return {
    signingKey,
    receivingKey: await exportJWK(receiving.publicKey),
    jkt: await calculateJwkThumbprint(signingKey),
    proof: ({ method, url, body = '', timeMs, jti, typ }) =>
      new SignJWT({
        jti: jti ?? randomBytes(16).toString('base64url'),
        htm: method,
        htu: url,
        iat: Math.floor(timeMs / 1000),
        bh: createHash('sha256').update(body).digest('base64url'),
      })
        .setProtectedHeader({ alg: 'ES256', typ: typ ?? 'dpop+jwt', jwk: signingKey })
        .sign(signing.privateKey),
    decide: ({ details, ...decision }) =>
      new SignJWT({
        ...decision,
        details: createHash('sha256').update(details).digest('base64url'),
      })
        .setProtectedHeader({ alg: 'ES256', typ: 'warifu-decision+jwt', jwk: signingKey })
        .sign(signing.privateKey),
    sign: (typ, claims) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'ES256', typ, jwk: signingKey })
        .sign(signing.privateKey),
    openCode: async (jwe) =>
      new TextDecoder().decode((await compactDecrypt(jwe, receiving.privateKey)).plaintext),
    openSecret: async (enrolment) => {
      const claims = decodeJwt<EnrolmentClaims & { secret: string }>(enrolment);
      const { plaintext } = await compactDecrypt(claims.secret, receiving.privateKey);
      return { key: new Uint8Array(plaintext), ...claims };
    },
    saveKey: () => exportJWK(signing.privateKey),
  };
}

async function readKeyPair(saved: JWK): Promise<CryptoKeyPair> {
  const { d: _private, ...half } = saved;
  const [privateKey, publicKey] = await Promise.all([
    importJWK(saved, 'ES256', { extractable: true }),
    importJWK(half, 'ES256', { extractable: true }),
  ]);
  if (!(privateKey instanceof CryptoKey && publicKey instanceof CryptoKey)) throw new TypeError('not a key');
  return { privateKey, publicKey };
}
