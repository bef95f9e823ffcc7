import { z } from 'zod';
import { ADDRESS, MOST_ADDRESS } from '../transaction/address.ts';
import {
  COMMON_FIELDS,
  type Field,
  TRANSACTIONS,
  type Transaction,
  type ValueOf,
} from '../transaction/types.ts';
import { deviceSchema, takenOverSchema, tokenStatusSchema } from './bank.ts';
import { factorsSchema, originSchema } from './factor.ts';

/** 取引認証: the messages of bank, service and token. Times are ISO 8601 in UTC with milliseconds. */

const time = z.iso.datetime();

/** An id that the service makes: 128 bits, base64url. */
export const confirmationIdSchema = z.string().regex(/^[A-Za-z0-9_-]{22}$/);

/** A JWS in compact form (RFC 7515 §7.1) and nothing else, because it is stored as it arrives. */
export const compactJwsSchema = z
  .string()
  .max(4096)
  .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/);

/** A name as it arrives; `core/transaction/text.ts` decides whether it is accepted. */
const name = z.string().min(1).max(200);

const digits = (length: number) => z.string().regex(new RegExp(`^[0-9]{${length}}$`));

function fieldSchema(field: Field): z.ZodType {
  switch (field.kind) {
    case 'digits':
      return digits(field.length);
    case 'name':
      return name;
    case 'coded-name':
      return z.strictObject({ code: digits(field.digits), name });
    case 'choice':
      return z.enum(Object.keys(field.of));
    case 'yen':
      return z
        .int()
        .min(field.least ?? 1)
        .max(field.most);
    case 'date':
      return z.iso.date();
    case 'address':
      return z.string().max(MOST_ADDRESS).regex(ADDRESS);
    case 'id':
      return confirmationIdSchema;
    case 'key':
      return z.string();
    case 'time':
      return time;
  }
}

/** The schemas of a table's fields. Their types follow from the same rows. */
const fieldSchemas = <Fields extends Readonly<Record<string, Field>>>(fields: Fields) =>
  Object.fromEntries(Object.entries(fields).map(([field, row]) => [field, fieldSchema(row)])) as {
    [F in keyof Fields]: z.ZodType<ValueOf<Fields[F]>>;
  };

const [firstType, ...otherTypes] = Object.entries(TRANSACTIONS).map(([type, { fields }]) =>
  z.strictObject({ type: z.literal(type), ...fieldSchemas(fields) }),
);
if (firstType === undefined) throw new Error('no transaction type is defined');

/** A transaction: its type, and the fields of that type's table. */
export const transactionSchema = z
  .discriminatedUnion('type', [firstType, ...otherTypes])
  .meta({ id: 'Transaction' }) as z.ZodType as z.ZodType<Transaction>;

/** What the customer confirms. Its canonical text (RFC 8785) is signed, shown and hashed. */
export const detailsSchema = z
  .strictObject({ ...fieldSchemas(COMMON_FIELDS), transaction: transactionSchema })
  .meta({ id: 'Details' });

/** Details with a transaction of any type, also of one that this version does not know. */
export const detailsOfAnyTypeSchema = z.strictObject({
  ...fieldSchemas(COMMON_FIELDS),
  transaction: z.looseObject({ type: z.string() }),
});

/** approve: the customer's decision is enough · code: a code for these details must be presented as well. */
export const confirmationModeSchema = z.enum(['approve', 'code']).meta({ id: 'ConfirmationMode' });

/**
 * waiting: for the customer · confirmed · rejected · not-me: 心当たりがない · expired: not decided or not used in time ·
 * cancelled: by the bank, by an act on the token, or after too many wrong codes · spent: used, once
 */
export const confirmationStatusSchema = z
  .enum(['waiting', 'confirmed', 'rejected', 'not-me', 'expired', 'cancelled', 'spent'])
  .meta({ id: 'ConfirmationStatus' });

export const decisionKindSchema = z.enum(['confirmed', 'rejected', 'not-me']).meta({ id: 'DecisionKind' });

/** `POST /v1/tokens/{userId}/confirmations` */
export const confirmRequestSchema = z
  .strictObject({ transaction: transactionSchema })
  .meta({ id: 'ConfirmRequest' });

/** A confirmation as the bank sees it. */
export const confirmationSchema = z
  .object({
    id: confirmationIdSchema,
    status: confirmationStatusSchema,
    /** Fixed when the token was issued, not by the request. */
    mode: confirmationModeSchema,
    number: z.string(),
    /** The normalised transaction, as the customer sees it. */
    transaction: transactionSchema,
    requestedAt: time,
    /** Until when it can be confirmed. */
    expiresAt: time,
    decidedAt: time.optional(),
    /** Until when it can be used, once it is confirmed. */
    useBy: time.optional(),
    /** What the decision's signature says, where it does: where the page of the transaction was seen, if anywhere, and by what. */
    origin: originSchema.nullable().optional(),
    factors: factorsSchema.optional(),
  })
  .meta({ id: 'Confirmation' });

/** `POST …/confirmations/{id}/verify`: the transaction that the bank is about to execute, and in `code` mode the code. */
export const verifyConfirmationSchema = z
  .strictObject({
    transaction: transactionSchema,
    code: z
      .string()
      .regex(/^[0-9]{8}$/)
      .optional(),
  })
  .meta({ id: 'VerifyConfirmationRequest' });

/** `POST …/confirmations/{id}/cancel` */
export const cancelRequestSchema = z.strictObject({}).meta({ id: 'CancelConfirmationRequest' });

/** Accepted once, and only for the confirmed details. */
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

/** Confirmations that wait for the customer, and confirmed ones that are not used yet. */
export const liveConfirmationsSchema = z
  .object({
    tokenId: z.string(),
    /** `jti` of the proof this answers. */
    proof: z.string(),
    now: z.int(),
    /** The token's status; older services do not send it. */
    status: tokenStatusSchema.optional(),
    /** 有効期限, which a renewal moves. */
    expiresAt: time.optional(),
    /** When a contract took a token that its customer made. */
    activatedAt: time.optional(),
    confirmations: z.array(
      z.object({
        /** Canonical text of {@link detailsSchema}. */
        details: z.string().max(4096),
        mode: confirmationModeSchema,
        status: z.enum(['waiting', 'confirmed']),
        useBy: time.optional(),
      }),
    ),
    /** When a token on another device replaced this one, and that device. */
    replacedBy: takenOverSchema.optional(),
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
    /** Base64url SHA-256 of the canonical text from which the screen was drawn. */
    details: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
    /** Where the device's browser showed the page of this very transaction; null where it showed none. Older tokens do not say. */
    origin: originSchema.nullable().optional(),
    factors: factorsSchema.optional(),
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
 * `POST /v1/events`, answered with server-sent events: an event `confirmations` whenever something changes for one of the
 * tokens whose proofs are given. The proofs are for this method and URL with an empty body.
 */
export const eventsRequestSchema = z
  .strictObject({ proofs: z.array(z.string().max(4096)).min(1).max(50) })
  .meta({ id: 'EventsRequest' });

/** The claim in the security event tokens (RFC 8417) that the service pushes to the bank (RFC 8935). */
export const CONFIRMATION_EVENT = 'urn:warifu:event:confirmation';

/** The claim that the customer suspended a token, at the bank or on the token itself. */
export const SUSPENSION_EVENT = 'urn:warifu:event:suspension';

/** The claims that a device that fills was added to a token, or removed from it. */
export const DEVICE_ADDED_EVENT = 'urn:warifu:event:device-added';
export const DEVICE_REMOVED_EVENT = 'urn:warifu:event:device-removed';

const deviceEventSchema = z.object({ userId: z.string(), device: deviceSchema, at: time });

export const securityEventSchema = z
  .object({
    iss: z.string(),
    /** Key of the institution. */
    aud: z.string(),
    jti: z.string(),
    iat: z.int(),
    events: z.union([
      z.object({
        [CONFIRMATION_EVENT]: z.object({ userId: z.string(), confirmation: confirmationSchema }),
      }),
      z.object({ [SUSPENSION_EVENT]: z.object({ userId: z.string(), suspendedAt: time }) }),
      z.object({ [DEVICE_ADDED_EVENT]: deviceEventSchema }),
      z.object({ [DEVICE_REMOVED_EVENT]: deviceEventSchema }),
    ]),
  })
  .meta({ id: 'SecurityEvent' });

export type Confirmation = z.infer<typeof confirmationSchema>;
export type ConfirmationMode = z.infer<typeof confirmationModeSchema>;
export type ConfirmationStatus = z.infer<typeof confirmationStatusSchema>;
export type DecisionKind = z.infer<typeof decisionKindSchema>;
export type Decision = z.infer<typeof decisionSchema>;
export type LiveConfirmations = z.infer<typeof liveConfirmationsSchema>;
export type SecurityEvent = z.infer<typeof securityEventSchema>;
