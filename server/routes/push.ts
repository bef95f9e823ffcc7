import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { pushKeySchema, pushSubscriptionSchema } from '../../core/api/push.ts';
import { seal } from '../../core/vault/seal.ts';
import type { RouteDependencies, ServiceEnv } from '../context.ts';
import { takeAll } from '../limits.ts';
import { answers, jsonBody, problems } from '../openapi.ts';
import { ProblemError } from '../problem.ts';
import { sealedFor } from '../push/channel.ts';
import { serviceNames, serviceOf } from '../push/endpoint.ts';
import { isReceivingKey } from '../push/message.ts';
import { subscribe, unsubscribe } from '../store/push.ts';

const keyRoute = createRoute({
  method: 'get',
  path: '/v1/push-key',
  tags: ['token'],
  summary: 'The key to subscribe to Web Push with (RFC 8292); 404 where the service pushes nothing',
  responses: answers(200, 'The key', pushKeySchema, [404]),
});

const subscribeRoute = createRoute({
  method: 'put',
  path: '/v1/token/push',
  tags: ['token'],
  summary: 'Where the device that signs the proof is told by Web Push that something waits',
  security: [{ proof: [] }],
  request: { body: jsonBody(pushSubscriptionSchema) },
  responses: {
    ...problems([400, 401, 403, 404, 413, 415, 429, 503]),
    204: { description: 'Kept, in place of the former one' },
  },
});

const unsubscribeRoute = createRoute({
  method: 'delete',
  path: '/v1/token/push',
  tags: ['token'],
  summary: 'Tell the device that signs the proof nothing any more',
  security: [{ proof: [] }],
  responses: { ...problems([401, 404, 429, 503]), 204: { description: 'Forgotten' } },
});

/** Subscriptions to Web Push, one of a device. */
export function pushRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: RouteDependencies): void {
  const { db, clock, limits, masterKey, push, randomBytes } = dependencies;

  app.openapi(keyRoute, (c) => {
    if (serviceNames(push.services).length === 0) throw new ProblemError('not_found');
    return c.json({ key: push.key.publicPoint }, 200);
  });

  app.openapi(subscribeRoute, async (c) => {
    const { device } = c.get('proof');
    if (device === undefined) throw new ProblemError('token_unknown');
    if (!device.mayDecide) throw new ProblemError('device_not_allowed');
    takeAll([{ limit: limits.pushSubscriptions, key: device.id }], clock());
    const subscription = c.req.valid('json');
    const service = serviceOf(subscription.endpoint, push.services);
    if (service === undefined) {
      throw new ProblemError('invalid_request', 'Nothing is pushed to this address', ['endpoint']);
    }
    if (!isReceivingKey(subscription.keys.p256dh)) {
      throw new ProblemError('invalid_request', undefined, ['keys.p256dh']);
    }
    const plain = new TextEncoder().encode(JSON.stringify(subscription));
    const sealed = await seal(masterKey.sealing, plain, sealedFor(device.id), randomBytes);
    if (!(await subscribe(db, { deviceId: device.id, service, sealed }))) {
      throw new ProblemError('token_unknown');
    }
    return c.body(null, 204);
  });

  app.openapi(unsubscribeRoute, async (c) => {
    const { device } = c.get('proof');
    if (device === undefined) throw new ProblemError('token_unknown');
    await unsubscribe(db, device.id);
    return c.body(null, 204);
  });
}
