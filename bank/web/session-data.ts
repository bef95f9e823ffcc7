import { z } from 'zod';
import { challengeIdSchema, challengeUseSchema } from '../../core/api/challenge.ts';

const mailPasswordSchema = z.object({
  hash: z.string(),
  sentAt: z.int(),
  wrong: z.int(),
});

/** The input of BOT001, kept until the customer confirms or cancels it. */
const issueDraftSchema = z.object({
  /** Names it in the forms that confirm it; empty in a session that an earlier version has begun. */
  id: z.string().default(''),
  email: z.string(),
  activationPassword: z.string(),
  mailPassword: mailPasswordSchema.optional(),
});

const completionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('issue'), email: z.string(), serviceId: z.string(), userId: z.string() }),
  z.object({ kind: z.literal('activate') }),
  z.object({ kind: z.literal('release') }),
  z.object({ kind: z.literal('replace') }),
  z.object({ kind: z.literal('renew'), until: z.string() }),
  /** The limit is `yen` a day, starting at `from`. */
  z.object({ kind: z.literal('limit'), yen: z.int(), from: z.int() }),
  z.object({ kind: z.literal('email'), address: z.string(), at: z.int() }),
]);

/** A procedure with a token that begins at the login page; see `token/procedures.ts`. */
const procedureSchema = z.enum(['register', 'exchange', 'stop', 'resync']);

/** How a session proves the customer's token. */
const provingSchema = {
  /** The way that the customer chose, where it is not the one the institution prefers. */
  way: z.enum(['signed', 'code']).optional(),
  /** The last challenge that the session asked for, and which one that was. It uses no other. */
  challenge: z.object({ id: challengeIdSchema, use: challengeUseSchema, turn: z.int() }).optional(),
};

/**
 * Data of a session, sealed in the sessions table.
 * otp: the password was right; the customer may only give the code of the login or do 利用停止 · suspended: 利用停止 is done;
 * may only read about it · open: logged in · procedure: the password was right; may only do this procedure ·
 * procedure-done: may only read about it
 */
export const sessionDataSchema = z.discriminatedUnion('stage', [
  z.object({ stage: z.literal('otp'), customerId: z.string(), ...provingSchema }),
  z.object({ stage: z.literal('suspended'), at: z.int() }),
  z.object({ stage: z.literal('procedure'), customerId: z.string(), procedure: procedureSchema }),
  z.object({ stage: z.literal('procedure-done'), customerId: z.string(), id: z.string() }),
  z.object({
    stage: z.literal('open'),
    customerId: z.string(),
    ...provingSchema,
    issueDraft: issueDraftSchema.optional(),
    /** The last application that succeeded, for its completion page. */
    completion: completionSchema.optional(),
  }),
]);

export type MailPassword = z.infer<typeof mailPasswordSchema>;
export type IssueDraft = z.infer<typeof issueDraftSchema>;
export type Completion = z.infer<typeof completionSchema>;
export type SessionData = z.infer<typeof sessionDataSchema>;
export type OpenSession = Extract<SessionData, { stage: 'open' }>;
/** A session whose screens ask for the token. */
export type ProvingSession = Extract<SessionData, { stage: 'otp' | 'open' }>;
