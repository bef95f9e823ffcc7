import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { type Devices, devicesResponseSchema } from '../../core/api/pairing.ts';
import { JWT_TYPES } from '../../core/api/token.ts';
import type { RouteDependencies, ServiceEnv } from '../context.ts';
import { namedToken } from '../institutions.ts';
import { answers } from '../openapi.ts';
import { ProblemError } from '../problem.ts';
import { signMessage } from '../sign.ts';
import { devicesOf, findDevice, removeDevice } from '../store/devices.ts';
import { tokenDevice } from '../token-device.ts';

const security = [{ proof: [] }];

/** Ids of devices are those of the service, 128 bits. */
export const deviceIdSchema = z.string().regex(/^[A-Za-z0-9_-]{22}$/);

const listRoute = createRoute({
  method: 'get',
  path: '/v1/token/devices',
  tags: ['token'],
  summary: 'The devices of the token',
  security,
  responses: answers(200, 'The devices', devicesResponseSchema, [401, 404, 429, 503]),
});

const removeRoute = createRoute({
  method: 'delete',
  path: '/v1/token/devices/{id}',
  tags: ['token'],
  summary: 'Remove a device that fills: any by the device that decides, itself by any',
  security,
  request: { params: z.object({ id: deviceIdSchema }) },
  responses: answers(200, 'The devices that are left', devicesResponseSchema, [400, 401, 403, 404, 429, 503]),
});

export function deviceRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: RouteDependencies): void {
  const { db, clock, signingKey } = dependencies;
  const answer = async (c: Context<ServiceEnv>, tokenId: string) => {
    const rows = await devicesOf(db, tokenId);
    const devices: Devices = {
      tokenId,
      proof: c.get('proof').jti,
      now: clock(),
      devices: rows.map((row) => ({ ...tokenDevice(row), jkt: row.jkt })),
    };
    return { devices: await signMessage(signingKey, JWT_TYPES.devices, { ...devices }) };
  };

  app.openapi(listRoute, async (c) => c.json(await answer(c, namedToken(c).id), 200));

  app.openapi(removeRoute, async (c) => {
    const { id: tokenId, institution } = namedToken(c);
    const { device } = c.get('proof');
    const { id } = c.req.valid('param');
    const found = await findDevice(db, tokenId, id);
    if (device === undefined || found === undefined) throw new ProblemError('not_found', 'No such device');
    const may = !found.may_decide && (device.mayDecide || device.id === id);
    if (!may) throw new ProblemError('device_not_allowed');
    const write = { institution, requestId: c.get('requestId'), at: new Date(clock()) };
    await removeDevice(db, { write, tokenId, id, byDevice: device.id });
    return c.json(await answer(c, tokenId), 200);
  });
}
