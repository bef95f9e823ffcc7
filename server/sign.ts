import { type JWTPayload, SignJWT } from 'jose';
import type { SigningKey } from './signing-key.ts';

/** A message from the service to a token: a compact JWS, ES256, whose `typ` names the kind of message. */
export function signMessage(
  { privateKey, kid, endorsement }: SigningKey,
  typ: string,
  payload: JWTPayload,
): Promise<string> {
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'ES256', typ, kid, ...(endorsement !== undefined && { endorsement }) })
    .sign(privateKey);
}
