import { join } from 'node:path';
import { calculateJwkThumbprint, compactVerify, decodeProtectedHeader, importJWK, SignJWT } from 'jose';
import { type Endorsement, endorsementSchema, JWT_TYPES, publicJwkSchema } from '../core/api/token.ts';
import type { PublicJwk } from '../core/institution/directory.ts';
import { keptText, readText } from '../host/key-file.ts';
import type { Settings } from '../host/settings.ts';
import { newSigningKey, readKeyPair } from './keys.ts';

/** The service's ES256 key, which signs the messages that tokens trust. */
export interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly publicJwk: PublicJwk;
  /** RFC 7638 thumbprint of the public half. */
  readonly kid: string;
  /** While it is rotated: what the key before it says of it, for tokens that pin that one. */
  readonly endorsement: string | undefined;
  /** While it is rotated: the keys that other nodes may sign with, which banks have to know too. */
  readonly others: readonly PublicJwk[];
}

/** Files in the data folder. */
export const SIGNING_KEY_FILES = {
  present: 'signing-key.json',
  next: 'signing-key-next.json',
  previous: 'signing-key-previous.json',
  endorsement: 'signing-key-endorsement.jwt',
} as const;

/** How long tokens accept an endorsement: longer than a rotation lasts, and not for ever. */
const ENDORSED_S = 400 * 24 * 60 * 60;

type SigningSettings = Pick<
  Settings,
  'dataFolder' | 'signingKey' | 'signingKeyNext' | 'signingKeyEndorsement'
>;

/**
 * The signing key: `WARIFU_SIGNING_KEY` (a private JWK as JSON), or made on first use in the data folder. The build of
 * the extension pins its public half. While it is rotated, also `WARIFU_SIGNING_KEY_NEXT` and
 * `WARIFU_SIGNING_KEY_ENDORSEMENT`, or files beside it.
 */
export async function loadSigningKey(settings: SigningSettings): Promise<SigningKey> {
  const { dataFolder, signingKey } = settings;
  const text = signingKey ?? keptText(join(dataFolder, SIGNING_KEY_FILES.present), newSigningKey);
  const { privateKey, publicJwk } = await readKeyPair(text, 'WARIFU_SIGNING_KEY');
  const own = publicHalf(publicJwk);
  const next = nextSigningKey(settings);
  const endorsed = await readEndorsement(settings);
  const about = endorsed && (await calculateJwkThumbprint({ ...endorsed.of }));
  const kid = await calculateJwkThumbprint({ ...own });
  const isOwn = about === kid;
  // A switch that was broken off has endorsed the next key already.
  const isNext = next !== undefined && about === (await calculateJwkThumbprint({ ...next }));
  if (endorsed && !isOwn && !isNext) {
    throw new Error('WARIFU_SIGNING_KEY_ENDORSEMENT is about another key than WARIFU_SIGNING_KEY');
  }
  return {
    privateKey,
    publicJwk: own,
    kid,
    endorsement: isOwn ? endorsed?.jws : undefined,
    others: [...(isOwn && endorsed ? [endorsed.by] : []), ...(next === undefined ? [] : [next])],
  };
}

/** The public half of the key that is to be signed with next, if one is prepared. */
export function nextSigningKey({
  dataFolder,
  signingKeyNext,
}: Pick<SigningSettings, 'dataFolder' | 'signingKeyNext'>): PublicJwk | undefined {
  const text = signingKeyNext ?? readText(join(dataFolder, SIGNING_KEY_FILES.next));
  return text === undefined ? undefined : publicHalf(JSON.parse(text));
}

export interface ReadEndorsement extends Pick<Endorsement, 'iat'> {
  readonly jws: string;
  readonly by: PublicJwk;
  readonly of: PublicJwk;
}

/** The endorsement in the settings or the data folder. @throws Error if it is not one */
export async function readEndorsement({
  dataFolder,
  signingKeyEndorsement,
}: Pick<SigningSettings, 'dataFolder' | 'signingKeyEndorsement'>): Promise<ReadEndorsement | undefined> {
  const jws = signingKeyEndorsement ?? readText(join(dataFolder, SIGNING_KEY_FILES.endorsement));
  if (jws === undefined) return undefined;
  const by = publicJwkSchema.parse(decodeProtectedHeader(jws).jwk);
  const { payload } = await compactVerify(jws, await importJWK({ ...by }, 'ES256'));
  const { key, iat } = endorsementSchema.parse(JSON.parse(new TextDecoder().decode(payload)));
  return { jws, by, of: key, iat };
}

/** What a key says of the one after it. Its own public half is in the header for banks alone: tokens go by what they pin. */
export function endorse(key: SigningKey, next: PublicJwk, at: Date): Promise<string> {
  const iat = Math.floor(at.getTime() / 1000);
  return new SignJWT({ key: { ...next } })
    .setProtectedHeader({ alg: 'ES256', typ: JWT_TYPES.endorsement, kid: key.kid, jwk: { ...key.publicJwk } })
    .setIssuedAt(iat)
    .setExpirationTime(iat + ENDORSED_S)
    .sign(key.privateKey);
}

/** Reads the public half of a JWK, private or not. */
export function publicHalf({ kty, crv, x, y }: { readonly [member: string]: unknown }): PublicJwk {
  return publicJwkSchema.parse({ kty, crv, x, y });
}
