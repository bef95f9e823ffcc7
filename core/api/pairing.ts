import { z } from 'zod';
import { deviceSchema, serialSchema, tokenDeviceSchema, tokenKindSchema } from './bank.ts';
import { compactJwsSchema, confirmationIdSchema } from './confirmation.ts';
import { enrolmentSchema, publicJwkSchema } from './token.ts';
import { waitSchema } from './wait.ts';

/** 連携: a device that only fills (D) becomes a device of the token that another (P) holds. Times are ISO 8601 in UTC. */

const time = z.iso.datetime();

/** 32 bytes, base64url: nonces, their hashes, and thumbprints of keys (RFC 7638). */
export const bytes32Schema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

export const pairingIdSchema = confirmationIdSchema;

/** Typed or scanned on P. */
const pairingCodeSchema = z.string().regex(/^[0-9]{8}$/);

/** Minutes from the beginning to the decision, whoever's token it will be. */
export const PAIRING_MINUTES = 5;

/** `POST /v1/pairings`, with a proof made by `signingKey`. */
export const pairingRequestSchema = z
  .strictObject({
    /** Signs D's requests (ES256). */
    signingKey: publicJwkSchema,
    /** Receives codes (ECDH-ES). */
    receivingKey: publicJwkSchema,
    /** SHA-256 of the nonce that D reveals once it has P's. */
    commitment: bytes32Schema,
    device: deviceSchema,
  })
  .meta({ id: 'PairingRequest' });

/**
 * open: the code is waiting for P · claimed: P has given the code · answered: P has given its nonce · symbols: D has given its
 * nonce, and both show the symbols · paired · refused: on P · cancelled: by D, or as the token cannot be paired any more · expired
 */
export const pairingStatusSchema = z
  .enum(['open', 'claimed', 'answered', 'symbols', 'paired', 'refused', 'cancelled', 'expired'])
  .meta({ id: 'PairingStatus' });

/** Every answer to D, and every answer to P: a JWS by the service over {@link pairingSchema} or {@link claimedPairingSchema}. */
export const pairingResponseSchema = z.object({ pairing: z.string() }).meta({ id: 'PairingResponse' });

const common = {
  pairing: pairingIdSchema,
  /** `jti` of the proof this answers. */
  proof: z.string(),
  status: pairingStatusSchema,
  now: z.int(),
  /** It ends then, unless both have agreed before. */
  expiresAt: time,
};

/** A token as the device that fills for it knows it: with no key of codes. */
export const pairedTokenSchema = enrolmentSchema
  .omit({ jkt: true, secret: true, serial: true })
  .extend({ serial: serialSchema, kind: tokenKindSchema })
  .meta({ id: 'PairedToken' });

/** A pairing as D sees it. */
export const pairingSchema = z
  .object({
    ...common,
    /** Thumbprint of D's signing key. */
    jkt: bytes32Schema,
    /** In the answer to `POST /v1/pairings` alone: the service does not keep it. */
    code: pairingCodeSchema.optional(),
    /** From `answered` on. */
    phone: z
      .object({
        /** Of the token's institution. */
        serviceId: z.string(),
        signingKey: publicJwkSchema,
        nonce: bytes32Schema,
        device: deviceSchema,
      })
      .optional(),
    /** Once it is `paired`. */
    token: pairedTokenSchema.optional(),
  })
  .meta({ id: 'Pairing' });

/** A pairing as P sees it. */
export const claimedPairingSchema = z
  .object({
    ...common,
    tokenId: z.string(),
    /** D's keys, what D committed itself to, and what D says it is. */
    signingKey: publicJwkSchema,
    receivingKey: publicJwkSchema,
    commitment: bytes32Schema,
    device: deviceSchema,
    /** D's nonce, from `symbols` on. */
    nonce: bytes32Schema.optional(),
  })
  .meta({ id: 'ClaimedPairing' });

/** `POST /v1/token/pairings`: the key that signs the proof is handed to D. */
export const claimRequestSchema = z
  .strictObject({ code: pairingCodeSchema })
  .meta({ id: 'ClaimPairingRequest' });

/** `PUT /v1/token/pairings/{id}/nonce` by P, and afterwards `PUT /v1/pairing/nonce` by D. */
export const pairingNonceSchema = z.strictObject({ nonce: bytes32Schema }).meta({ id: 'PairingNonce' });

/** `POST /v1/token/pairings/{id}/decision`: a JWS by P over {@link pairingDecisionSchema}. */
export const decidePairingSchema = z
  .strictObject({ decision: compactJwsSchema })
  .meta({ id: 'DecidePairingRequest' });

export const pairingDecisionSchema = z
  .strictObject({
    pairing: pairingIdSchema,
    decision: z.enum(['paired', 'refused']),
    /** Thumbprints of D's keys: they go on filling for this token, and no others. */
    device: bytes32Schema,
    receivingKey: bytes32Schema,
  })
  .meta({ id: 'PairingDecision' });

/** Query of the requests that wait for a change. They answer at once if the status is not `seen` any more. */
export const pairingWaitSchema = z.object({
  wait: waitSchema,
  /** The status that the caller knows. */
  seen: pairingStatusSchema.optional(),
});

/** `GET /v1/token/devices` and `DELETE /v1/token/devices/{id}`: a JWS by the service over {@link devicesSchema}. */
export const devicesResponseSchema = z.object({ devices: z.string() }).meta({ id: 'DevicesResponse' });

export const devicesSchema = z
  .object({
    tokenId: z.string(),
    proof: z.string(),
    now: z.int(),
    devices: z.array(
      tokenDeviceSchema.extend({
        /** Thumbprint of its signing key. */
        jkt: bytes32Schema,
      }),
    ),
  })
  .meta({ id: 'Devices' });

export type PairingStatus = z.infer<typeof pairingStatusSchema>;
export type Pairing = z.infer<typeof pairingSchema>;
export type ClaimedPairing = z.infer<typeof claimedPairingSchema>;
export type PairedToken = z.infer<typeof pairedTokenSchema>;
export type PairingDecision = z.infer<typeof pairingDecisionSchema>;
export type Devices = z.infer<typeof devicesSchema>;
