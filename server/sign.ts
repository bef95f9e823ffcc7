import { type JWTPayload, SignJWT } from 'jose';
import type { SigningKey } from './keys.ts';

/** A message by the service to a token: compact JWS, ES256, `typ` telling which kind it is. */
export function signMessage(key: SigningKey, typ: string, payload: JWTPayload): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', typ, kid: key.kid }).sign(key.privateKey);
}
