import { z } from 'zod';

/** Web Push: how a companion that is closed learns that something waits. */

/** Base64url of a point on P-256, uncompressed (RFC 8291 §3.1). */
const pointSchema = z.string().regex(/^B[A-Za-z0-9_-]{86}$/);

/** `GET /v1/push-key`: the key to subscribe with (RFC 8292 §4). */
export const pushKeySchema = z.object({ key: pointSchema }).meta({ id: 'PushKey' });

/** `PUT /v1/token/push`: what the browser gave, as `PushSubscription.toJSON()` has it. */
export const pushSubscriptionSchema = z
  .strictObject({
    /** Where messages for the device go, at a push service that the token service knows. */
    endpoint: z.string().min(1).max(1024),
    keys: z.strictObject({
      p256dh: pointSchema,
      /** 16 bytes, base64url. */
      auth: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
    }),
  })
  .meta({ id: 'PushSubscription' });

/** What a message says once it is decrypted: nothing of any transaction. */
export const pushMessageSchema = z
  .object({
    /** Key of the institution. */
    institution: z.string(),
    /** How many confirmations wait for the customer. */
    waiting: z.int().min(0),
    /** How many approvals of codes wait; older services do not send it. One of the two is not 0. */
    approvals: z.int().min(0).optional(),
  })
  .meta({ id: 'PushMessage' });

export type PushSubscription = z.infer<typeof pushSubscriptionSchema>;
export type PushMessage = z.infer<typeof pushMessageSchema>;
