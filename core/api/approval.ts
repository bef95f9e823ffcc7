import { z } from 'zod';
import { compactJwsSchema, confirmationIdSchema } from './confirmation.ts';
import { originSchema } from './factor.ts';
import { bytes32Schema } from './pairing.ts';
import { waitSchema } from './wait.ts';

/** 承認: a device that fills (D) asks the device that decides (P) for a code for one page. */

/** An id that D makes: 128 bits, base64url. */
export const approvalIdSchema = confirmationIdSchema;

/** Signed by D. */
export const approvalRequestSchema = z
  .strictObject({
    approval: approvalIdSchema,
    tokenId: z.string(),
    /** Of the page to be filled, as D's browser reported it. */
    origin: originSchema,
    /** Its id in `core/autofill/screens.ts`. */
    screen: z.string().regex(/^[A-Z]{3}[0-9]{3}$/),
    /** Two digits that both devices show. */
    number: z.string().regex(/^[1-9][0-9]$/),
    /** The confirmation whose details the page shows, where the code is for it. */
    confirmation: confirmationIdSchema.optional(),
    /** Unix time in seconds, by the service's clock. */
    iat: z.int(),
  })
  .meta({ id: 'ApprovalRequest' });

/** `POST /v1/token/approvals`: a JWS by D over {@link approvalRequestSchema}. */
export const askApprovalSchema = z
  .strictObject({ request: compactJwsSchema })
  .meta({ id: 'AskApprovalRequest' });

/**
 * waiting · approved · refused · not-me: 心当たりがない · expired: nobody decided in time · superseded: the same device asked anew ·
 * withdrawn: by D, or as the device or the token is out of use
 */
export const approvalStatusSchema = z
  .enum(['waiting', 'approved', 'refused', 'not-me', 'expired', 'superseded', 'withdrawn'])
  .meta({ id: 'ApprovalStatus' });

/** The answer to asking, looking, withdrawing and deciding: a JWS by the service over {@link approvalSchema}. */
export const approvalResponseSchema = z.object({ approval: z.string() }).meta({ id: 'ApprovalResponse' });

export const approvalSchema = z
  .object({
    approval: approvalIdSchema,
    proof: z.string(),
    status: approvalStatusSchema,
    now: z.int(),
    expiresAt: z.iso.datetime(),
    /** P's decision, as P signed it: told to D, and gone once the service has forgotten the code. */
    decision: compactJwsSchema.optional(),
  })
  .meta({ id: 'Approval' });

/** `GET /v1/token/approvals`, by P: a JWS by the service over {@link approvalsSchema}. */
export const approvalsResponseSchema = z.object({ approvals: z.string() }).meta({ id: 'ApprovalsResponse' });

export const approvalsSchema = z
  .object({
    tokenId: z.string(),
    proof: z.string(),
    now: z.int(),
    /** Oldest first. */
    approvals: z.array(
      z.object({
        /** As D signed it. P takes it only by the key that it kept of D. */
        request: compactJwsSchema,
        /** Thumbprint of D's signing key. */
        jkt: bytes32Schema,
        expiresAt: z.iso.datetime(),
      }),
    ),
  })
  .meta({ id: 'Approvals' });

/** `POST /v1/token/approvals/{id}/decision`: a JWS by P over {@link approvalDecisionSchema}. */
export const decideApprovalSchema = z
  .strictObject({ decision: compactJwsSchema })
  .meta({ id: 'DecideApprovalRequest' });

const decided = {
  approval: approvalIdSchema,
  /** Base64url SHA-256 of the request's compact JWS. */
  request: bytes32Schema,
};

export const approvalDecisionSchema = z
  .discriminatedUnion('decision', [
    z.strictObject({
      ...decided,
      decision: z.literal('approved'),
      /** The code: a JWE (RFC 7516, ECDH-ES with A256GCM, compact) to D's receiving key. Its second part is empty: the key is agreed. */
      code: z
        .string()
        .max(2048)
        .regex(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/),
    }),
    z.strictObject({ ...decided, decision: z.enum(['refused', 'not-me']) }),
  ])
  .meta({ id: 'ApprovalDecision' });

/** Query of D's request that waits for the decision. It answers at once if the approval does not wait any more. */
export const approvalWaitSchema = z.object({
  wait: waitSchema,
});

export type ApprovalRequest = z.infer<typeof approvalRequestSchema>;
export type ApprovalStatus = z.infer<typeof approvalStatusSchema>;
export type Approval = z.infer<typeof approvalSchema>;
export type ApprovalList = z.infer<typeof approvalsSchema>;
export type SignedDecision = z.infer<typeof approvalDecisionSchema>;
