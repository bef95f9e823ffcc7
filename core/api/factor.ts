import { z } from 'zod';

/** What proves the customer beside what the bank knows of them, and where they stood. */

/** An origin as a browser reports it. */
export const originSchema = z
  .string()
  .max(300)
  .regex(/^https?:\/\/[a-z0-9.:[\]-]+$/);

/**
 * token-key: the device's signing key, which nobody can copy (possession) · pin, passkey: what opened the vault for this use or
 * before (knowledge, inherence) · second-device: another device of the token approved as well, which no device of ours states
 */
export const factorSchema = z.enum(['token-key', 'pin', 'passkey', 'second-device']).meta({ id: 'Factor' });

/** Each once. */
export const factorsSchema = z
  .array(factorSchema)
  .min(1)
  .max(4)
  .refine((factors) => new Set(factors).size === factors.length, 'each factor once');

export type Factor = z.infer<typeof factorSchema>;
