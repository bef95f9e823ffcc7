import { z } from 'zod';
import { tokenSchema } from './bank.ts';
import { compactJwsSchema, confirmationIdSchema } from './confirmation.ts';
import { factorsSchema, originSchema } from './factor.ts';
import { waitSchema } from './wait.ts';

/**
 * Login by signature: instead of a code a token signs a challenge, together with the origin on which its browser shows the
 * bank's page. Times are ISO 8601 in UTC with milliseconds.
 */

const time = z.iso.datetime();

/** An id that the service makes: 128 bits, base64url. */
export const challengeIdSchema = confirmationIdSchema;

/** What a signature does in a code's place: verify: login · activate: 利用開始 · release: 利用解除. */
export const challengeUseSchema = z.enum(['verify', 'activate', 'release']).meta({ id: 'ChallengeUse' });

/**
 * waiting: for the token's signature · signed · spent: used by the bank, once · not-me: 心当たりがない · refused: signed for an
 * origin that is not the institution's · expired · cancelled: by the bank, or as the token is out of use
 */
export const challengeStatusSchema = z
  .enum(['waiting', 'signed', 'spent', 'not-me', 'refused', 'expired', 'cancelled'])
  .meta({ id: 'ChallengeStatus' });

/** `POST /v1/tokens/{userId}/challenges` */
export const challengeRequestSchema = z
  .strictObject({ use: challengeUseSchema })
  .meta({ id: 'ChallengeRequest' });

/** A challenge as the bank sees it. It belongs to the bank's session that asked for it, and the bank keeps its id there. */
export const challengeSchema = z
  .object({
    id: challengeIdSchema,
    use: challengeUseSchema,
    status: challengeStatusSchema,
    /** Two digits for people to compare. Nothing is matched by them. */
    number: z.string().regex(/^[1-9][0-9]$/),
    expiresAt: time,
    /** What the token signed, once it has. */
    signed: z
      .object({
        at: time,
        /** Where the page stood, as the browser reported it. */
        origin: originSchema,
        factors: factorsSchema,
      })
      .optional(),
  })
  .meta({ id: 'Challenge' });

/** Query of `GET /v1/tokens/{userId}/challenges/{id}`. It answers at once if the challenge does not wait any more. */
export const challengeWaitSchema = z.object({
  wait: waitSchema,
});

/** `POST /v1/tokens/{userId}/challenges/{id}/use` and `…/cancel` */
export const useChallengeSchema = z.strictObject({}).meta({ id: 'UseChallengeRequest' });

/** Accepted once, and only where the token signed it. */
export const useChallengeResponseSchema = z
  .object({ accepted: z.boolean(), challenge: challengeSchema, token: tokenSchema })
  .meta({ id: 'UseChallengeResponse' });

/** `GET /v1/token/challenges`, with a proof: a JWS by the service over {@link waitingChallengesSchema}. */
export const waitingChallengesResponseSchema = z
  .object({ challenges: z.string() })
  .meta({ id: 'WaitingChallengesResponse' });

export const waitingChallengesSchema = z
  .object({
    tokenId: z.string(),
    /** `jti` of the proof this answers. */
    proof: z.string(),
    now: z.int(),
    /** Oldest first. */
    challenges: z.array(challengeSchema.pick({ id: true, use: true, number: true, expiresAt: true })),
  })
  .meta({ id: 'WaitingChallenges' });

/** `POST /v1/token/challenges/{id}/signature`: a JWS by the device over {@link loginSignatureSchema}. */
export const signChallengeSchema = z
  .strictObject({ signature: compactJwsSchema })
  .meta({ id: 'SignChallengeRequest' });

export const loginSignatureSchema = z
  .strictObject({
    challenge: challengeIdSchema,
    /** Key of the institution. */
    institution: z.string(),
    tokenId: z.string(),
    use: challengeUseSchema,
    /** Of the page that carries the challenge, as the device's browser reported it. */
    origin: originSchema,
    /** That page's document: base64url SHA-256 of the browser's id of it. It tells two signatures apart, and no page. */
    document: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
    /** Unix time in seconds, by the service's clock. */
    iat: z.int(),
    factors: factorsSchema,
  })
  .meta({ id: 'LoginSignature' });

/** `POST /v1/token/challenges/{id}/not-me` */
export const notMyChallengeSchema = z.strictObject({}).meta({ id: 'NotMyChallengeRequest' });

/** The answer to a signature and to 心当たりがない: a JWS by the service over {@link answeredChallengeSchema}. */
export const answeredChallengeResponseSchema = z
  .object({ challenge: z.string() })
  .meta({ id: 'AnsweredChallengeResponse' });

export const answeredChallengeSchema = z
  .object({
    challenge: challengeIdSchema,
    proof: z.string(),
    status: challengeStatusSchema,
  })
  .meta({ id: 'AnsweredChallenge' });

export type Challenge = z.infer<typeof challengeSchema>;
export type ChallengeUse = z.infer<typeof challengeUseSchema>;
export type ChallengeStatus = z.infer<typeof challengeStatusSchema>;
export type WaitingChallenges = z.infer<typeof waitingChallengesSchema>;
export type LoginSignature = z.infer<typeof loginSignatureSchema>;
export type AnsweredChallenge = z.infer<typeof answeredChallengeSchema>;
export type UseChallengeResponse = z.infer<typeof useChallengeResponseSchema>;
