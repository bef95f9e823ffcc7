import { base64url } from 'jose';

/** What the device that fills shows as a QR code: the code, and a hash by which its keys are known. */
export interface PairingLink {
  readonly code: string;
  /** 16 bytes, base64url. */
  readonly hash: string;
}

/** The keys' thumbprints (RFC 7638) and the commitment, as the service hands them to the device that decides. */
export interface Offered {
  readonly fillerKey: string;
  readonly fillerReceivingKey: string;
  readonly commitment: string;
}

/** @param nonce 32 random bytes, base64url */
export const commitmentTo = async (nonce: string): Promise<string> =>
  base64url.encode(await sha256(base64url.decode(nonce)));

export async function linkHash({ fillerKey, fillerReceivingKey, commitment }: Offered): Promise<string> {
  const lines = ['warifu-pairing-link', fillerKey, fillerReceivingKey, commitment];
  return base64url.encode((await sha256(new TextEncoder().encode(lines.join('\n')))).slice(0, 16));
}

/** @param companion address of the companion: the service's origin */
export const pairingUrl = (companion: string, { code, hash }: PairingLink): string =>
  `${companion}/#pair=${code}.${hash}`;

const FRAGMENT = /^#pair=([0-9]{8})\.([A-Za-z0-9_-]{22})$/;

/** @returns undefined for a fragment that is not of a pairing */
export function readPairingFragment(fragment: string): PairingLink | undefined {
  const [, code, hash] = FRAGMENT.exec(fragment) ?? [];
  return code === undefined || hash === undefined ? undefined : { code, hash };
}

/** 1234-5678, as a person reads and types it. */
export const groupedCode = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`;

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)));
}
