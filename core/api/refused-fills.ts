import { z } from 'zod';
import { CHECKS, type Check } from '../autofill/checks.ts';
import type { FillRefusal } from '../messages/fill.ts';

/** How often recognised screens were not filled, by reason: what tokens report, and staff read. */

/**
 * The reasons that are counted, by their names alone: a check of the page, or a refusal of the gate. Left out are those of
 * senders of which no institution is known, of institutions there is no token of, a transaction that its customer has not
 * confirmed yet, with which nearly every such screen begins, and what became of asking another device, which is no fault of a page.
 */
export const REFUSED_FILL_REASONS = [
  ...CHECKS,
  'screen-unknown',
  'locked',
  'unheard',
  'several-tokens',
  'on-request',
  'form-method',
  'already-filled',
  'token-expired',
  'token-over',
  'clock',
  'confirmation-differs',
  'vault',
  'field-changed',
] as const satisfies readonly (Check | FillRefusal)[];

export type RefusedFillReason = (typeof REFUSED_FILL_REASONS)[number];

/**
 * hours: how long an hour can be reported after its end · ofOne: the most that a device counts of one reason in an hour ·
 * inReport: numbers in a report
 */
export const REFUSED_FILLS = { hours: 48, ofOne: 20, inReport: 200 } as const;

const reasonSchema = z.enum(REFUSED_FILL_REASONS);

/** An hour by its beginning. */
const hourSchema = z.iso
  .datetime()
  .regex(/T\d\d:00:00\.000Z$/)
  .meta({ format: 'date-time' });

/** `POST /v1/token/refused-fills`: of hours that are over. */
export const refusedFillsRequestSchema = z
  .strictObject({
    fills: z
      .array(
        z.strictObject({
          since: hourSchema,
          reason: reasonSchema,
          count: z.int().min(1).max(REFUSED_FILLS.ofOne),
        }),
      )
      .min(1)
      .max(REFUSED_FILLS.inReport)
      .refine(areDistinct, 'must say each hour and reason once'),
  })
  .meta({ id: 'RefusedFillsRequest' });

function areDistinct(fills: readonly { readonly since: string; readonly reason: string }[]): boolean {
  return new Set(fills.map(({ since, reason }) => `${since} ${reason}`)).size === fills.length;
}

/** What comes of it: all hours of the device before this moment are counted, and are not counted again. */
export const refusedFillsResponseSchema = z
  .object({ countedUntil: z.iso.datetime() })
  .meta({ id: 'RefusedFillsResponse' });

/** `GET /v1/staff/refused-fills`: how often in each hour, or day of Japan; what never came up is left out. */
export const refusedFillsSchema = z
  .object({
    counts: z.array(
      z.object({
        /** When the hour or the day begins. */
        from: z.iso.datetime(),
        /** Of {@link REFUSED_FILL_REASONS}, and what a later version adds. */
        reason: z.string(),
        count: z.int().min(1),
      }),
    ),
  })
  .meta({ id: 'RefusedFills' });

export type RefusedFillsRequest = z.infer<typeof refusedFillsRequestSchema>;
export type RefusedFills = z.infer<typeof refusedFillsSchema>;
