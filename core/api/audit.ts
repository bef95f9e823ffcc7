import { z } from 'zod';
import { TRANSACTIONS, type TransactionType } from '../transaction/types.ts';
import { userIdSchema } from './bank.ts';
import { factorsSchema, originSchema } from './factor.ts';

/** The service's audit of an institution's tokens, as its staff may see it: no secret, no details of a transaction. */

/**
 * lock: wrong codes stopped the token · confirm, decide, use, cancel, expire: steps of a confirmation · replace: another token
 * took its place · begin-replacement: a token was issued that may do so · bind: a contract took it by its serial · exchange: and gave
 * this one back for it · pair, unpair: a device that fills was added, or removed · ask-code, decide-code: such a device asked for a
 * code, and the customer decided on another · sign: a device signed a login, or its customer knew of none · resync: a hardware token was found again by two codes in a row · begin-import, import: a
 * file of hardware tokens was begun, and its last token taken · export: keys of hardware tokens that nobody has were taken out of the
 * service · issue-key, revoke-key: of an API key of the institution
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
  'pair',
  'unpair',
  'ask-code',
  'decide-code',
  'sign',
  'resync',
  'begin-import',
  'import',
  'export',
  'issue-key',
  'revoke-key',
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
 * stopped: the token or confirmation accepts nothing any more · overtaken: it changed before the request had its turn ·
 * differs: the details are not the confirmed ones · limited: the customer was asked too often · taken: the values are right,
 * but another token has the issue or the key · cancelled: “not me” on another confirmation of the token cancelled it · late: the
 * code was right some steps ago · off-origin: signed for an origin that is not the institution's · not-bound: the code was right, but the token that was to take this one's place was not bound
 */
export const auditOutcomeSchema = z.enum([
  'done',
  'wrong',
  'spent',
  'late',
  'stopped',
  'overtaken',
  'differs',
  'limited',
  'taken',
  'confirmed',
  'rejected',
  'not-me',
  'cancelled',
  'not-bound',
  'off-origin',
]);

export type AuditEvent = z.infer<typeof auditEventSchema>;
export type AuditOutcome = z.infer<typeof auditOutcomeSchema>;

/** Entries of a page: most, and usual. */
export const AUDIT_PAGE = { most: 1_000, usual: 50 } as const;

/** Most characters of an actor to look for. */
export const ACTOR_MOST = 64;

/** Tokens that are asked of at once at most. */
export const AUDITED_TOKENS_MOST = 50;

/** Where a page begins: `time-id`, with Unix milliseconds. The page has entries of an earlier time, or of that time and a smaller id. */
export const auditCursorSchema = z.string().regex(/^\d{1,13}-\d{1,18}$/);

/** A moment, RFC 3339 in UTC, within the years that a database can have. */
export const auditMomentSchema = z.iso
  .datetime()
  .regex(/^(19[7-9]|2\d\d)\d-.*Z$/)
  .meta({ format: 'date-time' });

const transactionTypeSchema = z.enum(Object.keys(TRANSACTIONS) as [TransactionType, ...TransactionType[]]);

export const auditEntrySchema = z
  .object({
    /** A number of the service; unique, but not in the order of time. */
    id: z.string().regex(/^[1-9]\d{0,17}$/),
    at: z.iso.datetime(),
    /** None of an import, which is about no one token. */
    userId: userIdSchema.optional(),
    /** One of {@link auditEventSchema}, or one that a later version adds. */
    event: z.string(),
    /** One of {@link auditOutcomeSchema}, or one that a later version adds. */
    outcome: z.string(),
    /** Of an act of staff: who acted, why, and the approved proposal. */
    actor: z.string().optional(),
    reason: z.string().optional(),
    approval: z.string().optional(),
    /** The confirmation's id and its type of transaction, if the entry is about one. */
    confirmation: z.string().optional(),
    transaction: transactionTypeSchema.optional(),
    /** Of `lock`: the number of wrong codes in a row. */
    failures: z.number().int().optional(),
    /** Of a login by signature: what the signature says of the page's origin, and of how the customer was recognised. */
    origin: originSchema.optional(),
    factors: factorsSchema.optional(),
  })
  .meta({ id: 'AuditEntry' });

/** `GET /v1/staff/audit` and `GET /v1/staff/tokens/{userId}/audit`: newest first; `next` if there are more. */
export const auditPageSchema = z
  .object({ entries: z.array(auditEntrySchema), next: auditCursorSchema.optional() })
  .meta({ id: 'AuditPage' });

export type AuditEntry = z.infer<typeof auditEntrySchema>;
export type AuditPage = z.infer<typeof auditPageSchema>;

/** Units to count by, each with the most days of one request. */
export const COUNTED_BY = { hour: 8, day: 93 } as const;

export type CountedBy = keyof typeof COUNTED_BY;

/** `GET /v1/staff/counts`: counts by hour, or by day of Japan; zeros are left out. */
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
