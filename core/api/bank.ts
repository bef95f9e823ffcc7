import { z } from 'zod';
import { TOKEN_KINDS } from '../otp/kind.ts';

/** The messages of the bank API. Times are ISO 8601 in UTC with milliseconds. */

const time = z.iso.datetime();

/** Assigned by the service: 12 digits. */
export const userIdSchema = z.string().regex(/^[0-9]{12}$/);

/** シリアルNo of a token that the bank issues: 9 digits. シリアル番号 of one that it does not, as `core/otp/serial.ts` normalises it. */
export const serialSchema = z.string().regex(/^([0-9]{9}|[0-9A-Z]{6,24})$/);

/** Chosen by the customer for 初期設定 only: 4 to 8 digits. */
export const activationPasswordSchema = z.string().regex(/^[0-9]{4,8}$/);

/** A code as presented: plain digits; the bank has normalised what the customer typed. */
const codeSchema = z.string().regex(/^[0-9]{6,8}$/);

/**
 * issued: waiting for 初期設定 · enrolled: set up, waiting for 利用開始 · active: in use · locked: stopped after too
 * many wrong codes · suspended: 利用停止, because the customer did not know a transfer · released: 利用解除 done · void: the issue was broken off, ran out or was guessed at
 */
export const tokenStatusSchema = z
  .enum(['issued', 'enrolled', 'active', 'locked', 'suspended', 'released', 'void'])
  .meta({ id: 'TokenStatus' });

export const tokenKindSchema = z.enum(TOKEN_KINDS).meta({ id: 'TokenKind' });

/** A device's name as it states it; `core/transaction/text.ts` decides whether it is accepted. */
const deviceName = z.string().min(1).max(200);

/** A device as it describes itself at 初期設定. Nobody has verified it. */
export const deviceSchema = z
  .strictObject({
    /** extension of a browser · companion: the token in a browser's page · other: it did not say */
    form: z.enum(['extension', 'companion', 'other']),
    /** Its browser and system. */
    name: deviceName,
  })
  .meta({ id: 'Device' });

/** A device of a token, as its customer, bank and staff see it. */
export const tokenDeviceSchema = z
  .object({
    id: z.string(),
    form: deviceSchema.shape.form,
    name: z.string(),
    /** all: makes codes, decides and fills · fill: fills what another device of the token approves */
    may: z.enum(['all', 'fill']),
    addedAt: time,
    /** To the hour, roughly. */
    lastSeenAt: time.optional(),
  })
  .meta({ id: 'TokenDevice' });

/** What a replaced token is told: when it was replaced, and the device of the token that replaced it. */
export const takenOverSchema = z.object({ at: time, device: deviceSchema.optional() });

/** 新しい端末でのトークン利用: the state of a token that is to replace another, until it does. */
export const takingOverSchema = z
  .object({
    /** The token is void if it is not in use by then. */
    by: time,
    /** Its device, from 初期設定 on. */
    device: deviceSchema.optional(),
    /** Whether the customer has confirmed it on the old token. Before that it cannot be put into use. */
    confirmed: z.boolean(),
  })
  .meta({ id: 'TakingOver' });

export const tokenSchema = z
  .object({
    serviceId: z.string(),
    userId: userIdSchema,
    status: tokenStatusSchema,
    /** What makes its codes. */
    kind: tokenKindSchema,
    /** From 初期設定 on. */
    serial: serialSchema.optional(),
    issuedAt: time,
    /** The issue is void if 初期設定 is not done by then. */
    enrolBy: time,
    enrolledAt: time.optional(),
    activatedAt: time.optional(),
    releasedAt: time.optional(),
    /** The token's codes are refused from then on. */
    expiresAt: time.optional(),
    /** ユーザID of the token that it is to replace, or has replaced. */
    replaces: userIdSchema.optional(),
    takingOver: takingOverSchema.optional(),
    /** ユーザID of the token that is to replace it. */
    replacement: userIdSchema.optional(),
    /** ユーザID of the token that has replaced it. */
    replacedBy: userIdSchema.optional(),
    /** Its devices, where the token alone was asked for; none of a hardware token. */
    devices: z.array(tokenDeviceSchema).optional(),
  })
  .meta({ id: 'Token' });

export const issueRequestSchema = z
  .strictObject({ activationPassword: activationPasswordSchema })
  .meta({ id: 'IssueRequest' });

/** `POST /v1/tokens/{userId}/replacement`: the activation password is for the token that is issued. */
export const replacementRequestSchema = z
  .strictObject({ activationPassword: activationPasswordSchema })
  .meta({ id: 'ReplacementRequest' });

export const codeRequestSchema = z.strictObject({ code: codeSchema }).meta({ id: 'CodeRequest' });

/** The answer does not say why a code was refused (RTS 2018/389 Art. 4); `token.status` says whether the token is locked. */
export const codeResponseSchema = z
  .object({ accepted: z.boolean(), token: tokenSchema })
  .meta({ id: 'CodeResponse' });

/** Codes that prove a token one has in hand: one of a token that shows the time, two in a row of a hardware token. */
const codesSchema = z.array(codeSchema).min(1).max(2);

/** `POST /v1/serials/{serial}/bind` */
export const bindRequestSchema = z.strictObject({ codes: codesSchema }).meta({ id: 'BindRequest' });

/** `POST /v1/tokens/{userId}/exchange`: a code of the token in use, and the one that is to take its place. */
export const exchangeRequestSchema = z
  .strictObject({ code: codeSchema, serial: serialSchema, codes: codesSchema })
  .meta({ id: 'ExchangeRequest' });

/** Whose the serial is, and what was wrong, is not told. */
export const bindResponseSchema = z
  .object({
    accepted: z.boolean(),
    /** The token that is bound; none where nothing was. */
    token: tokenSchema.optional(),
  })
  .meta({ id: 'BindResponse' });

/** `POST /v1/outcomes` */
export const outcomeResponseSchema = z
  .object({
    accepted: z.boolean(),
    /** The token that the write was about or made, as it is now; none where nothing was done. */
    token: tokenSchema.optional(),
  })
  .meta({ id: 'OutcomeResponse' });

/** `POST /v1/tokens/{userId}/resync`: two codes in a row of a hardware token. */
export const resyncRequestSchema = z
  .strictObject({ codes: z.tuple([codeSchema, codeSchema]) })
  .meta({ id: 'ResyncRequest' });

export type OutcomeResponse = z.infer<typeof outcomeResponseSchema>;
export type BindResponse = z.infer<typeof bindResponseSchema>;
export type TokenStatus = z.infer<typeof tokenStatusSchema>;
export type Token = z.infer<typeof tokenSchema>;
export type TokenDevice = z.infer<typeof tokenDeviceSchema>;
export type Device = z.infer<typeof deviceSchema>;
export type CodeResponse = z.infer<typeof codeResponseSchema>;
