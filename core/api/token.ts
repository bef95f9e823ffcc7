import { z } from 'zod';
import {
  activationPasswordSchema,
  deviceSchema,
  takenOverSchema,
  tokenStatusSchema,
  userIdSchema,
} from './bank.ts';

/** The messages of a token (extension or companion) and the service. */

const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** A P-256 public key (RFC 7518 §6.2); private members are refused. */
export const publicJwkSchema = z
  .strictObject({
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: coordinate,
    y: coordinate,
  })
  .meta({ id: 'PublicJwk' });

/** `GET /v1/keys`: the key with which the service signs, and those before and after it while it is rotated (RFC 7517 §5). */
export const jwksSchema = z
  .object({
    keys: z.array(
      z.object({
        kty: z.literal('EC'),
        crv: z.literal('P-256'),
        x: coordinate,
        y: coordinate,
        kid: z.string(),
        alg: z.literal('ES256'),
        use: z.literal('sig'),
      }),
    ),
  })
  .meta({ id: 'JwkSet' });

/** `POST /v1/enrolments`, with a proof made by `signingKey`. */
export const enrolRequestSchema = z
  .strictObject({
    serviceId: z.string().regex(/^[0-9]{8}$/),
    userId: userIdSchema,
    activationPassword: activationPasswordSchema,
    /** Signs the token's proofs (ES256). */
    signingKey: publicJwkSchema,
    /** Receives the secret (ECDH-ES). */
    receivingKey: publicJwkSchema,
    /** The device's description, by which the customer recognises it. */
    device: deviceSchema.optional(),
  })
  .meta({ id: 'EnrolRequest' });

/** The answer: a JWS (RFC 7515, ES256, compact) by the service over {@link enrolmentSchema}. */
export const enrolResponseSchema = z.object({ enrolment: z.string() }).meta({ id: 'EnrolResponse' });

export const enrolmentSchema = z
  .object({
    tokenId: z.string(),
    serviceId: z.string(),
    userId: userIdSchema,
    serial: z.string().regex(/^[0-9]{9}$/),
    /** Thumbprint (RFC 7638) of the signing key for which this enrolment is. */
    jkt: z.string(),
    algorithm: z.enum(['SHA-1', 'SHA-256', 'SHA-512']),
    digits: z.union([z.literal(6), z.literal(8)]),
    period: z.union([z.literal(30), z.literal(60)]),
    enrolledAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    /** The OTP key: a JWE (RFC 7516, ECDH-ES with A256GCM, compact) to the receiving key. */
    secret: z.string(),
  })
  .meta({ id: 'Enrolment' });

/** `POST /v1/serial-enrolments`, with a proof made by `signingKey`. */
export const serialEnrolRequestSchema = enrolRequestSchema
  .omit({ userId: true, activationPassword: true })
  .meta({ id: 'SerialEnrolRequest' });

/** The answer: a JWS by the service over {@link serialEnrolmentSchema}. */
export const serialEnrolResponseSchema = z
  .object({ enrolment: z.string() })
  .meta({ id: 'SerialEnrolResponse' });

export const serialEnrolmentSchema = enrolmentSchema
  .extend({
    /** シリアル番号, as `core/otp/serial.ts` makes it. */
    serial: z.string().regex(/^[2-9A-HJKMNP-Z]{10}$/),
    /** It ends when its customer has not registered it at the bank by then. */
    bindBy: z.iso.datetime(),
  })
  .meta({ id: 'SerialEnrolment' });

/** `POST /v1/time`. The nonce prevents the replay of an old answer. */
export const timeRequestSchema = z
  .strictObject({ nonce: z.string().regex(/^[A-Za-z0-9_-]{22,64}$/) })
  .meta({ id: 'TimeRequest' });

/** The answer: a JWS by the service over {@link timeSchema}. */
export const timeResponseSchema = z.object({ time: z.string() }).meta({ id: 'TimeResponse' });

/** `now` is the service's Unix time in milliseconds. */
export const timeSchema = z.object({ nonce: z.string(), now: z.int() }).meta({ id: 'Time' });

/** `GET /v1/token`, with a proof: a JWS by the service over {@link tokenStateSchema}. */
export const tokenStateResponseSchema = z.object({ state: z.string() }).meta({ id: 'TokenStateResponse' });

/** `proof` is the `jti` of the proof this answers. */
export const tokenStateSchema = z
  .object({
    tokenId: z.string(),
    proof: z.string(),
    status: tokenStatusSchema,
    /** 有効期限, which a renewal moves. */
    expiresAt: z.iso.datetime().optional(),
    /** Of a serial number token that is not registered at the bank yet: it ends then. */
    bindBy: z.iso.datetime().optional(),
    /** When a contract took it. */
    activatedAt: z.iso.datetime().optional(),
    now: z.int(),
    /** When a token on another device replaced this one, and that device. */
    replacedBy: takenOverSchema.optional(),
  })
  .meta({ id: 'TokenState' });

/** Claims of a token's proof, a JWS in the `DPoP` header (RFC 9449 §4.2). */
export const proofSchema = z
  .object({
    /** At least 128 random bits, used once. */
    jti: z.string().regex(/^[A-Za-z0-9_-]{22,64}$/),
    /** HTTP method. */
    htm: z.string(),
    /** URL without query and fragment. */
    htu: z.string(),
    /** Unix time in seconds, by the service's clock. */
    iat: z.number(),
    /** Base64url SHA-256 of the body's bytes; of no bytes if there is no body. */
    bh: coordinate,
  })
  .meta({ id: 'Proof' });

/** `typ` of each kind of signed message, so that one cannot be mistaken for another (RFC 8725 §3.11). */
export const JWT_TYPES = {
  proof: 'dpop+jwt',
  enrolment: 'warifu-enrolment+jwt',
  serialEnrolment: 'warifu-serial-enrolment+jwt',
  time: 'warifu-time+jwt',
  tokenState: 'warifu-token-state+jwt',
  confirmations: 'warifu-confirmations+jwt',
  decision: 'warifu-decision+jwt',
  decided: 'warifu-decided+jwt',
  pairing: 'warifu-pairing+jwt',
  claimedPairing: 'warifu-claimed-pairing+jwt',
  pairingDecision: 'warifu-pairing-decision+jwt',
  devices: 'warifu-devices+jwt',
  approvalRequest: 'warifu-approval-request+jwt',
  approval: 'warifu-approval-status+jwt',
  approvals: 'warifu-approvals+jwt',
  approvalDecision: 'warifu-approval+jwt',
  challenges: 'warifu-challenges+jwt',
  loginSignature: 'warifu-login+jwt',
  answeredChallenge: 'warifu-challenge+jwt',
  endorsement: 'warifu-endorsement+jwt',
  securityEvent: 'secevent+jwt',
} as const;

/**
 * What the service's previous signing key says of the present one. It is in the header `endorsement` of every message while the
 * key is rotated, so that tokens that pin the previous key alone take the message.
 */
export const endorsementSchema = z.object({
  key: publicJwkSchema,
  /** Seconds since the epoch. */
  iat: z.int(),
  exp: z.int(),
});

/** Seconds before and after its `iat` for which a proof is accepted. */
export const PROOF_LIFETIME_S = 60;

export type Endorsement = z.infer<typeof endorsementSchema>;
export type EnrolRequest = z.infer<typeof enrolRequestSchema>;
export type Enrolment = z.infer<typeof enrolmentSchema>;
export type SerialEnrolRequest = z.infer<typeof serialEnrolRequestSchema>;
export type SerialEnrolment = z.infer<typeof serialEnrolmentSchema>;
