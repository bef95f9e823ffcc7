import { base64url } from 'jose';

/** By which a signature names a text: base64url SHA-256 of its UTF-8. */
export async function textDigest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return base64url.encode(new Uint8Array(hash));
}
