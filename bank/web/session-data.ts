import { z } from 'zod';

const mailPasswordSchema = z.object({
  hash: z.string(),
  sentAt: z.int(),
  wrong: z.int(),
});

/** What BOT001 was filled in with, until it is confirmed or broken off. */
const issueDraftSchema = z.object({
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
  /** `yen` a day, from `from` on. */
  z.object({ kind: z.literal('limit'), yen: z.int(), from: z.int() }),
  z.object({ kind: z.literal('email'), address: z.string(), at: z.int() }),
]);

/** A procedure with a token that begins at the login page: see `token/procedures.ts`. */
const procedureSchema = z.enum(['register', 'exchange', 'stop']);

/**
 * Sealed in the sessions table. `otp` knows the password only: it may do nothing but give the code of the login and 利用停止.
 * `suspended` has done that, and may do nothing but read of it. `procedure` knows the password only, and may do that one
 * procedure; `procedure-done` reads of it.
 */
export const sessionDataSchema = z.discriminatedUnion('stage', [
  z.object({ stage: z.literal('otp'), customerId: z.string() }),
  z.object({ stage: z.literal('suspended'), at: z.int() }),
  z.object({ stage: z.literal('procedure'), customerId: z.string(), procedure: procedureSchema }),
  z.object({ stage: z.literal('procedure-done'), customerId: z.string(), id: z.string() }),
  z.object({
    stage: z.literal('open'),
    customerId: z.string(),
    issueDraft: issueDraftSchema.optional(),
    /** The last application that went through, for its completion page. */
    completion: completionSchema.optional(),
  }),
]);

export type MailPassword = z.infer<typeof mailPasswordSchema>;
export type IssueDraft = z.infer<typeof issueDraftSchema>;
export type Completion = z.infer<typeof completionSchema>;
export type SessionData = z.infer<typeof sessionDataSchema>;
export type OpenSession = Extract<SessionData, { stage: 'open' }>;
