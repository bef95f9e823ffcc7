import { z } from 'zod';
import { TRANSACTIONS, type TransactionType } from '../transaction/types.ts';
import { userIdSchema } from './bank.ts';

/** What the service wrote down of an institution's tokens, as its staff may see it: no secret, no details of a transaction. */

/**
 * lock: wrong codes stopped the token · confirm, decide, use, cancel, expire: what became of a confirmation · replace: another
 * token took its place · begin-replacement: one was issued that may · bind: a contract took it by its serial · exchange: and gave
 * this one back for it · resync: a hardware token was found again by two codes in a row
 */
export const auditEventSchema = z.enum([
  'issue',
  'enrol',
  'activate',
  'verify',
  'lock',
  'unlock',
  'suspend',
  'resume',
  'release',
  'renew',
  'bind',
  'exchange',
  'resync',
  'void',
  'begin-replacement',
  'replace',
  'confirm',
  'decide',
  'use',
  'cancel',
  'expire',
]);

/**
 * stopped: what was named takes nothing any more · overtaken: it changed before the request had its turn · differs: other
 * details than were confirmed · limited: the customer was asked too often · taken: the values are right, but the issue or the
 * key is another token's · cancelled: with another confirmation of the token, by “not me” there
 */
export const auditOutcomeSchema = z.enum([
  'done',
  'wrong',
  'spent',
  'stopped',
  'overtaken',
  'differs',
  'limited',
  'taken',
  'confirmed',
  'rejected',
  'not-me',
  'cancelled',
]);

export type AuditEvent = z.infer<typeof auditEventSchema>;
export type AuditOutcome = z.infer<typeof auditOutcomeSchema>;

/** Entries of a page at most, and where nothing is said. */
export const AUDIT_PAGE = { most: 1_000, usual: 50 } as const;

/** Characters of an actor that is asked for at most. */
export const ACTOR_MOST = 64;

/** Tokens that are asked of at once at most. */
export const AUDITED_TOKENS_MOST = 50;

/** Where a page begins: `time-id`, time in Unix milliseconds. Entries of an earlier time follow, and of that time those of a smaller id. */
export const auditCursorSchema = z.string().regex(/^\d{1,13}-\d{1,18}$/);

/** A moment of our time, RFC 3339 in UTC. */
export const auditMomentSchema = z.iso.datetime().regex(/^(19[7-9]|2\d\d)\d/);

const transactionTypeSchema = z.enum(Object.keys(TRANSACTIONS) as [TransactionType, ...TransactionType[]]);

export const auditEntrySchema = z
  .object({
    /** A running number of the service; unique, and no order in time. */
    id: z.string().regex(/^[1-9]\d{0,17}$/),
    at: z.iso.datetime(),
    userId: userIdSchema,
    /** Of {@link auditEventSchema}, and what a later version adds. */
    event: z.string(),
    /** Of {@link auditOutcomeSchema}, likewise. */
    outcome: z.string(),
    /** Of an act of staff: who, why, and the proposal that was approved. */
    actor: z.string().optional(),
    reason: z.string().optional(),
    approval: z.string().optional(),
    /** Id of the confirmation it is about, and the type of transaction that is. */
    confirmation: z.string().optional(),
    transaction: transactionTypeSchema.optional(),
    /** Of `lock`: how many wrong codes in a row it took. */
    failures: z.number().int().optional(),
  })
  .meta({ id: 'AuditEntry' });

/** `GET /v1/staff/audit` and `GET /v1/staff/tokens/{userId}/audit`: newest first; `next` where there are more. */
export const auditPageSchema = z
  .object({ entries: z.array(auditEntrySchema), next: auditCursorSchema.optional() })
  .meta({ id: 'AuditPage' });

export type AuditEntry = z.infer<typeof auditEntrySchema>;
export type AuditPage = z.infer<typeof auditPageSchema>;

/** What is counted by, and how many days may be counted at once. */
export const COUNTED_BY = { hour: 8, day: 93 } as const;

export type CountedBy = keyof typeof COUNTED_BY;

/** `GET /v1/staff/counts`: how often in each hour, or day of Japan; what never came up is left out. */
export const countsSchema = z
  .object({
    counts: z.array(
      z.object({
        /** When the hour or the day begins. */
        from: z.iso.datetime(),
        event: z.string(),
        outcome: z.string(),
        count: z.number().int().min(1),
      }),
    ),
  })
  .meta({ id: 'Counts' });

export type Counts = z.infer<typeof countsSchema>;
