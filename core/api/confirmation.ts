import { z } from 'zod';
import { ACCOUNT_TYPES, MOST_YEN } from '../transaction/details.ts';

/** 取引認証: what bank, service and token say to each other. Times are ISO 8601 in UTC with milliseconds. */

const time = z.iso.datetime();

/** Ids of ours: 128 bits, base64url. */
export const confirmationIdSchema = z.string().regex(/^[A-Za-z0-9_-]{22}$/);

/** A JWS in compact form (RFC 7515 §7.1), and nothing else: it is kept as it came. */
export const compactJwsSchema = z
  .string()
  .max(4096)
  .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/);

/** Names as they come; `core/transaction/text.ts` has the last word on them. */
const name = z.string().min(1).max(200);

const transferShape = {
  bank: z.strictObject({ code: z.string().regex(/^[0-9]{4}$/), name }),
  branch: z.strictObject({ code: z.string().regex(/^[0-9]{3}$/), name }),
  accountType: z.enum(ACCOUNT_TYPES),
  accountNumber: z.string().regex(/^[0-9]{7}$/),
  payee: name,
  amount: z.int().min(1).max(MOST_YEN),
};

export const transferSchema = z.strictObject(transferShape).meta({ id: 'Transfer' });

/** What the customer confirms; its canonical text (RFC 8785) is what is signed, shown and hashed. */
export const transferDetailsSchema = z
  .strictObject({
    ...transferShape,
    confirmation: confirmationIdSchema,
    institution: z.string(),
    token: z.string(),
    number: z.string().regex(/^[0-9]{2}$/),
    requestedAt: time,
    expiresAt: time,
  })
  .meta({ id: 'TransferDetails' });

/** approve: the customer's decision is enough · code: a code made for these details must be presented as well. */
export const confirmationModeSchema = z.enum(['approve', 'code']).meta({ id: 'ConfirmationMode' });

/**
 * waiting: for the customer · confirmed · rejected · not-me: 心当たりがない · expired: nobody decided, or it was not used
 * in time · cancelled: by the bank, or after too many wrong codes · spent: used, once
 */
export const confirmationStatusSchema = z
  .enum(['waiting', 'confirmed', 'rejected', 'not-me', 'expired', 'cancelled', 'spent'])
  .meta({ id: 'ConfirmationStatus' });

export const decisionKindSchema = z.enum(['confirmed', 'rejected', 'not-me']).meta({ id: 'DecisionKind' });

/** `POST /v1/tokens/{userId}/confirmations` */
export const confirmRequestSchema = z
  .strictObject({ transfer: transferSchema })
  .meta({ id: 'ConfirmRequest' });

/** A confirmation as the bank sees it. */
export const confirmationSchema = z
  .object({
    id: confirmationIdSchema,
    status: confirmationStatusSchema,
    /** Fixed when the token was issued, not by the request. */
    mode: confirmationModeSchema,
    number: z.string(),
    /** As normalised: what the customer is shown. */
    transfer: transferSchema,
    requestedAt: time,
    /** Until when it can be confirmed. */
    expiresAt: time,
    decidedAt: time.optional(),
    /** Until when it can be used, once it is confirmed. */
    useBy: time.optional(),
  })
  .meta({ id: 'Confirmation' });

/** `POST …/confirmations/{id}/verify`: the details as the bank is about to execute them; the code in `code` mode. */
export const verifyConfirmationSchema = z
  .strictObject({
    transfer: transferSchema,
    code: z
      .string()
      .regex(/^[0-9]{8}$/)
      .optional(),
  })
  .meta({ id: 'VerifyConfirmationRequest' });

/** `POST …/confirmations/{id}/cancel` */
export const cancelRequestSchema = z.strictObject({}).meta({ id: 'CancelConfirmationRequest' });

/** Accepted once, for the confirmed details alone. */
export const verifyConfirmationResponseSchema = z
  .object({
    accepted: z.boolean(),
    confirmation: confirmationSchema,
  })
  .meta({ id: 'VerifyConfirmationResponse' });

/** `GET /v1/token/confirmations`, with a proof: a JWS by the service over {@link liveConfirmationsSchema}. */
export const liveConfirmationsResponseSchema = z
  .object({ confirmations: z.string() })
  .meta({ id: 'LiveConfirmationsResponse' });

/** What waits for the customer, and what was confirmed and not used yet. */
export const liveConfirmationsSchema = z
  .object({
    tokenId: z.string(),
    /** `jti` of the proof this answers. */
    proof: z.string(),
    now: z.int(),
    confirmations: z.array(
      z.object({
        /** Canonical text of {@link transferDetailsSchema}. */
        details: z.string().max(4096),
        mode: confirmationModeSchema,
        status: z.enum(['waiting', 'confirmed']),
        useBy: time.optional(),
      }),
    ),
  })
  .meta({ id: 'LiveConfirmations' });

/** `POST /v1/token/confirmations/{id}/decision`, with a proof: a JWS by the token over {@link decisionSchema}. */
export const decideRequestSchema = z
  .strictObject({ decision: compactJwsSchema })
  .meta({ id: 'DecideRequest' });

export const decisionSchema = z
  .strictObject({
    confirmation: confirmationIdSchema,
    decision: decisionKindSchema,
    /** Base64url SHA-256 of the canonical text the screen was drawn from. */
    details: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  })
  .meta({ id: 'Decision' });

/** The answer: a JWS by the service over {@link decidedSchema}. */
export const decideResponseSchema = z.object({ decided: z.string() }).meta({ id: 'DecideResponse' });

export const decidedSchema = z
  .object({
    confirmation: confirmationIdSchema,
    proof: z.string(),
    status: confirmationStatusSchema,
    useBy: time.optional(),
  })
  .meta({ id: 'Decided' });

/**
 * `POST /v1/events`, answered with server-sent events: an event `confirmations` whenever something changed for one of
 * the tokens whose proofs (for this method and URL, of an empty body) are given.
 */
export const eventsRequestSchema = z
  .strictObject({ proofs: z.array(z.string().max(4096)).min(1).max(50) })
  .meta({ id: 'EventsRequest' });

/** The claim in the security event tokens (RFC 8417) that the service pushes to the bank (RFC 8935). */
export const CONFIRMATION_EVENT = 'urn:warifu:event:confirmation';

export const securityEventSchema = z
  .object({
    iss: z.string(),
    /** Key of the institution. */
    aud: z.string(),
    jti: z.string(),
    iat: z.int(),
    events: z.object({
      [CONFIRMATION_EVENT]: z.object({ userId: z.string(), confirmation: confirmationSchema }),
    }),
  })
  .meta({ id: 'SecurityEvent' });

export type Confirmation = z.infer<typeof confirmationSchema>;
export type ConfirmationMode = z.infer<typeof confirmationModeSchema>;
export type ConfirmationStatus = z.infer<typeof confirmationStatusSchema>;
export type DecisionKind = z.infer<typeof decisionKindSchema>;
export type Decision = z.infer<typeof decisionSchema>;
export type LiveConfirmations = z.infer<typeof liveConfirmationsSchema>;
export type SecurityEvent = z.infer<typeof securityEventSchema>;
