import { z } from 'zod';

/** What the bank API says and hears. Times are ISO 8601 in UTC with milliseconds. */

const time = z.iso.datetime();

/** Assigned by the service: 12 digits. */
export const userIdSchema = z.string().regex(/^[0-9]{12}$/);

/** Chosen by the customer for 初期設定 only: 4 to 8 digits. */
export const activationPasswordSchema = z.string().regex(/^[0-9]{4,8}$/);

/** A code as presented: plain digits; the bank has normalised what the customer typed. */
export const codeSchema = z.string().regex(/^[0-9]{6,8}$/);

/**
 * issued: waiting for 初期設定 · enrolled: set up, waiting for 利用開始 · active: in use · locked: stopped after too
 * many wrong codes · suspended: 利用停止, because the customer did not know a transfer · released: 利用解除 done · void: the issue was broken off, ran out or was guessed at
 */
export const tokenStatusSchema = z
  .enum(['issued', 'enrolled', 'active', 'locked', 'suspended', 'released', 'void'])
  .meta({ id: 'TokenStatus' });

export const tokenSchema = z
  .object({
    serviceId: z.string(),
    userId: userIdSchema,
    status: tokenStatusSchema,
    /** 9 digits, from 初期設定 on. */
    serial: z.string().optional(),
    issuedAt: time,
    /** The issue is void when 初期設定 has not been done by then. */
    enrolBy: time,
    enrolledAt: time.optional(),
    activatedAt: time.optional(),
    releasedAt: time.optional(),
    /** The token's codes are refused from then on. */
    expiresAt: time.optional(),
  })
  .meta({ id: 'Token' });

export const issueRequestSchema = z
  .strictObject({ activationPassword: activationPasswordSchema })
  .meta({ id: 'IssueRequest' });

export const codeRequestSchema = z.strictObject({ code: codeSchema }).meta({ id: 'CodeRequest' });

/** Why a code was not accepted is not told (RTS 2018/389 Art. 4); `token.status` says whether it is locked. */
export const codeResponseSchema = z
  .object({ accepted: z.boolean(), token: tokenSchema })
  .meta({ id: 'CodeResponse' });

export type TokenStatus = z.infer<typeof tokenStatusSchema>;
export type Token = z.infer<typeof tokenSchema>;
export type CodeResponse = z.infer<typeof codeResponseSchema>;
