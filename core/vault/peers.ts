import { z } from 'zod';
import { deviceSchema } from '../api/bank.ts';
import { publicJwkSchema } from '../api/token.ts';

/** The device on the other side of a pairing: a desktop for the phone, the phone for a desktop. */
const peerSchema = z.object({
  /** Thumbprint (RFC 7638) of its signing key. */
  jkt: z.string(),
  /** Verifies what it signs. It is from the pairing, whose symbols the customer compared, and from nowhere else. */
  signingKey: publicJwkSchema,
  /** What is encrypted to it goes to this key; missing for a device that receives nothing. */
  receivingKey: publicJwkSchema.optional(),
  device: deviceSchema,
  /** Device time in milliseconds. */
  pairedAt: z.number(),
});

export type Peer = Readonly<z.infer<typeof peerSchema>>;

export const peerToBytes = (peer: Peer): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(JSON.stringify(peer));

/** @throws if it is none */
export const peerOfBytes = (bytes: Uint8Array): Peer =>
  peerSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
