import { z } from 'zod';
import { MOST_COUNT } from '../otp/hotp.ts';
import { INVISIBLE } from '../transaction/text.ts';
import { auditMomentSchema } from './audit.ts';
import { serialSchema } from './bank.ts';
import { staffActSchema } from './staff.ts';

/** How files of hardware tokens come into the service: read and checked by who sends them, taken in a row at a time. */

/** Bounds of an import. */
export const IMPORT = {
  /** Tokens of one file at most. */
  tokens: 5_000_000,
  /** Rows of one request at most. */
  rows: 250,
  /** Serials that were there before, kept of one import at most; the rest is only counted. */
  existing: 10_000,
  /** And read in one page. */
  existingPage: 500,
  /** Steps of drift that a file may tell of. */
  drift: 10_000,
} as const;

/** SHA-256 of the file, by which an import is known. */
export const importDigestSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** `PUT /v1/staff/imports/{digest}`: who imports what, and why. */
export const importRequestSchema = z
  .strictObject({
    ...staffActSchema.shape,
    /** The file's name, for people. */
    fileName: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .refine((text) => !INVISIBLE.test(text), 'must be visible characters'),
    /** How many of its tokens are to be taken. */
    tokens: z.int().min(1).max(IMPORT.tokens),
  })
  .meta({ id: 'ImportRequest' });

/** An import, and how far it is: it is over once as many rows were taken as the file has tokens. */
export const importSchema = z
  .object({
    digest: importDigestSchema,
    fileName: z.string(),
    actor: z.string(),
    tokens: z.int(),
    taken: z.int(),
    /** Of the taken ones; the serials of the others were there before, and were left as they are. */
    added: z.int(),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'Import' });

const line = z
  .int()
  .min(1)
  .max(2 ** 31 - 1);
/** 112 to 512 bits, base64url. */
const key = z.base64url().min(19).max(86);
const digits = z.union([z.literal(6), z.literal(8)]);
const expiresAt = auditMomentSchema.optional();
const algorithm = z.enum(['SHA-1', 'SHA-256', 'SHA-512']);
const shape = { line, serial: serialSchema, key, algorithm, digits, expiresAt };

/** A token of the file: by its button, with the count of its next code, or by its clock, with the steps it is ahead. */
export const importRowSchema = z
  .union([
    z.strictObject({ ...shape, counter: z.int().min(0).max(MOST_COUNT) }),
    z.strictObject({
      ...shape,
      period: z.union([z.literal(30), z.literal(60)]),
      drift: z.int().min(-IMPORT.drift).max(IMPORT.drift),
    }),
  ])
  .meta({ id: 'ImportRow' });

/** `PUT /v1/staff/imports/{digest}/rows/{from}` */
export const importRowsSchema = z
  .strictObject({
    rows: z
      .array(importRowSchema)
      .min(1)
      .max(IMPORT.rows)
      .refine(
        (rows) => new Set(rows.map(({ serial }) => serial)).size === rows.length,
        'must differ in serial',
      ),
  })
  .meta({ id: 'ImportRows' });

/**
 * `GET /v1/staff/imports/{digest}/existing`: serials that were there before, by line and serial; `next`, the line of the last one,
 * where there are more.
 */
export const existingSerialsSchema = z
  .object({ existing: z.array(z.object({ line, serial: serialSchema })), next: line.optional() })
  .meta({ id: 'ExistingSerials' });

export type ImportRequest = z.infer<typeof importRequestSchema>;
export type Import = z.infer<typeof importSchema>;
export type ImportRow = z.infer<typeof importRowSchema>;
export type ExistingSerials = z.infer<typeof existingSerialsSchema>;
export type ExistingSerial = ExistingSerials['existing'][number];

/** What a page goes on after: a whole line, or a serial of it, since a line may have several. */
export interface ExistingPlace {
  readonly after?: number | undefined;
  readonly afterSerial?: string | undefined;
}
