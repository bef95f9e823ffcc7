import { z } from 'zod';
import { hidesSomething } from '../transaction/text.ts';
import { activationPasswordSchema, serialSchema, tokenSchema, tokenStatusSchema } from './bank.ts';

/** The messages of staff consoles and service. Every act says who acts and why. */

/** A name that the console gives to a member of staff or a proposal. */
const consoleId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@:-]{0,63}$/);

/** The actor in the audit if the customer acted. No member of staff can have this name. */
export const CUSTOMER = '(customer)';

/** Most characters of a reason. */
export const REASON_MOST = 200;

/** The reason of an act: one line, for the audit. */
export const reasonSchema = z
  .string()
  .trim()
  .min(1)
  .max(REASON_MOST)
  .refine((text) => !hidesSomething(text), 'must be one line of visible characters');

const actShape = {
  /** The member of staff (職員) who acts. */
  actor: consoleId,
  reason: reasonSchema,
  /** The proposal (申請) that a second member of staff approved, if any. */
  approval: consoleId.optional(),
};

/** `POST /v1/staff/tokens/{userId}/…` */
export const staffActSchema = z.strictObject(actShape).meta({ id: 'StaffActRequest' });

/** `POST /v1/staff/tokens/{userId}/replace`: the activation password is for the token that is issued. */
export const replaceRequestSchema = z
  .strictObject({ ...actShape, activationPassword: activationPasswordSchema })
  .meta({ id: 'ReplaceRequest' });

/** `POST /v1/staff/serials/{serial}/void` */
export const voidedSerialSchema = z.object({ serial: serialSchema }).meta({ id: 'VoidedSerial' });

/** A token as staff see it. */
export const staffTokenSchema = z
  .object({
    ...tokenSchema.shape,
    /** The status before the suspension, to which the token is resumed. */
    suspendedFrom: tokenStatusSchema.extract(['issued', 'enrolled', 'active', 'locked']).optional(),
    /** While it is suspended: since when, */
    suspendedAt: z.iso.datetime({ precision: 3 }).optional(),
    /** and by whom: the customer by asking for it, the customer by the decision "not me", or staff. */
    suspendedBy: z.enum(['customer', 'not-me', 'staff']).optional(),
  })
  .meta({ id: 'StaffToken' });

export const replaceResponseSchema = z
  .object({ replaced: staffTokenSchema, issued: staffTokenSchema })
  .meta({ id: 'ReplaceResponse' });

export type StaffAct = z.infer<typeof staffActSchema>;
export type StaffToken = z.infer<typeof staffTokenSchema>;
export type SuspendedBy = NonNullable<StaffToken['suspendedBy']>;
export type SuspendableStatus = NonNullable<StaffToken['suspendedFrom']>;
