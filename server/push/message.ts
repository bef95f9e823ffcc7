import { createECDH, createHash, type ECDH } from 'node:crypto';
import { encrypt } from 'http_ece';
import { SignJWT } from 'jose';
import type { PushMessage, PushSubscription } from '../../core/api/push.ts';
import type { RandomBytes } from '../../core/vault/seal.ts';
import type { PushKey } from '../keys.ts';

/** All messages have this length, so that it tells the push service nothing. */
const PADDED_BYTES = 128;

/** RFC 8292 §2: at most 24 hours. */
const VAPID_HOURS = 12;

const TOPIC_BYTES = 24;

type Keys = PushSubscription['keys'];

export interface Encryption {
  /** The sender's key, of this message alone. */
  readonly sender: ECDH;
  /** 16 random bytes. */
  readonly salt: Uint8Array;
  /** Bytes of padding. */
  readonly pad: number;
}

/** Encrypts to a subscription (RFC 8291), so that the push service cannot read it. */
export const encryptTo = ({ p256dh, auth }: Keys, plain: Buffer, { sender, salt, pad }: Encryption) =>
  encrypt(plain, { version: 'aes128gcm', privateKey: sender, dh: p256dh, authSecret: auth, salt, pad });

/** A message's body. */
export function encryptMessage(keys: Keys, message: PushMessage, randomBytes: RandomBytes) {
  const sender = createECDH('prime256v1');
  sender.generateKeys();
  const plain = Buffer.from(JSON.stringify(message));
  const pad = Math.max(0, PADDED_BYTES - plain.length);
  return encryptTo(keys, plain, { sender, salt: randomBytes(16), pad });
}

/** Whether a key can be encrypted to: its form says nothing about whether it is a point of the curve. */
export function isReceivingKey(p256dh: string): boolean {
  const probe = createECDH('prime256v1');
  probe.generateKeys();
  try {
    probe.computeSecret(p256dh, 'base64url');
    return true;
  } catch {
    return false;
  }
}

/**
 * Tells the push service who sends (RFC 8292).
 * @param subject whom its operator asks: an `https` URL
 */
export async function vapid(
  { privateKey, publicPoint }: PushKey,
  endpoint: string,
  subject: string,
  now: number,
): Promise<string> {
  const jwt = await new SignJWT()
    .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
    .setAudience(new URL(endpoint).origin)
    .setExpirationTime(Math.floor(now / 1000) + VAPID_HOURS * 3600)
    .setSubject(subject)
    .sign(privateKey);
  return `vapid t=${jwt}, k=${publicPoint}`;
}

/** Under one topic a newer message takes the place of one not yet delivered (RFC 8030 §5.4). It does not tell the token. */
export const topicOf = (tokenId: string): string =>
  createHash('sha256')
    .update(`warifu push ${tokenId}`)
    .digest()
    .subarray(0, TOPIC_BYTES)
    .toString('base64url');
