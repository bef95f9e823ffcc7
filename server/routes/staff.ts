import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { serialSchema, userIdSchema } from '../../core/api/bank.ts';
import {
  replaceRequestSchema,
  replaceResponseSchema,
  staffActSchema,
  staffTokenSchema,
  voidedSerialSchema,
} from '../../core/api/staff.ts';
import type { RouteDependencies, ServiceEnv } from '../context.ts';
import { idempotentWrite, once } from '../idempotency.ts';
import { institutionOf, namedToken } from '../institutions.ts';
import { issueInPlace } from '../issue-in-place.ts';
import { answers, jsonBody } from '../openapi.ts';
import { ProblemError } from '../problem.ts';
import { type Act, actOnToken } from '../store/acts.ts';
import { removeDevice } from '../store/devices.ts';
import { voidSerial } from '../store/imports.ts';
import type { TokenRow } from '../store/schema.ts';
import { currentToken, findTokenBySerial } from '../store/tokens.ts';
import { staffTokenOfRow } from '../token.ts';
import { deviceIdSchema } from './devices.ts';

const headers = z.object({ 'idempotency-key': z.string().min(1).max(128) });
const params = z.object({ userId: userIdSchema });
const ofSerial = z.object({ serial: serialSchema });
const security = [{ staffKey: [] }];
const REFUSALS = [400, 401, 403, 404, 409, 413, 415, 429, 503];

/** Which status an act needs, as the detail of its refusal. */
const NEEDED: Record<Exclude<Act, 'begin-replacement'>, string> = {
  unlock: 'Only a locked token can be unlocked',
  suspend: 'Only a token that is issued, enrolled, active or locked can be suspended',
  resume: 'Only a suspended token can be resumed',
  release: 'Only a token that is active or locked, or was when it was suspended, can be released',
  void: 'Only an issue that is not in use yet can be void',
  replace: 'Only a token that is active or locked, or was when it was suspended, can be replaced',
};

const SUMMARIES = {
  unlock: '認証停止の解除: codes are taken again, and none counts as wrong',
  suspend: '利用停止: nothing is taken until the token is resumed',
  resume: '利用停止の解除: the token is again what it was',
  release: '利用解除 without a code',
  void: 'Break off an issue that is not in use yet',
} as const satisfies Partial<Record<Act, string>>;

const showRoute = createRoute({
  method: 'get',
  path: '/v1/staff/tokens/{userId}',
  tags: ['staff'],
  summary: 'A token as staff see it',
  security,
  request: { params },
  responses: answers(200, 'The token', staffTokenSchema, [400, 401, 403, 404, 429, 503]),
});

const serialRoute = createRoute({
  method: 'get',
  path: '/v1/staff/serials/{serial}',
  tags: ['staff'],
  summary: 'The token with a シリアルNo or シリアル番号, as staff see it',
  security,
  request: { params: ofSerial },
  responses: answers(200, 'The token', staffTokenSchema, [400, 401, 403, 404, 429, 503]),
});

const voidSerialRoute = createRoute({
  method: 'post',
  path: '/v1/staff/serials/{serial}/void',
  tags: ['staff'],
  summary: 'Take a hardware token that nobody has out of the service; a file may bring its serial again',
  security,
  request: { params: ofSerial, headers, body: jsonBody(staffActSchema) },
  responses: answers(200, 'The serial is free', voidedSerialSchema, [400, 401, 403, 409, 413, 415, 429, 503]),
});

const actRoute = (act: keyof typeof SUMMARIES) =>
  createRoute({
    method: 'post',
    path: `/v1/staff/tokens/{userId}/${act}`,
    tags: ['staff'],
    summary: SUMMARIES[act],
    security,
    request: { params, headers, body: jsonBody(staffActSchema) },
    responses: answers(200, 'The token', staffTokenSchema, REFUSALS),
  });

const replaceRoute = createRoute({
  method: 'post',
  path: '/v1/staff/tokens/{userId}/replace',
  tags: ['staff'],
  summary: '交換: release a token and issue another in its place',
  security,
  request: { params, headers, body: jsonBody(replaceRequestSchema) },
  responses: answers(201, 'Both tokens', replaceResponseSchema, REFUSALS),
});

const removeDeviceRoute = createRoute({
  method: 'post',
  path: '/v1/staff/tokens/{userId}/devices/{device}/remove',
  tags: ['staff'],
  summary: 'Remove a device that fills: it can fill nothing from then on',
  security,
  request: { params: params.extend({ device: deviceIdSchema }), headers, body: jsonBody(staffActSchema) },
  responses: answers(200, 'The token', staffTokenSchema, REFUSALS),
});

/** The API of an institution's staff: their acts on customers' tokens, each with who acts and why. */
export function staffRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: RouteDependencies): void {
  const { db, clock } = dependencies;

  app.openapi(showRoute, async (c) => {
    const institution = institutionOf(dependencies, c.get('institution'));
    return c.json(await staffTokenOfRow(db, namedToken(c), institution, clock()), 200);
  });

  app.openapi(serialRoute, async (c) => {
    const institution = institutionOf(dependencies, c.get('institution'));
    const row = await findTokenBySerial(db, institution.key, c.req.valid('param').serial);
    if (row === undefined) throw new ProblemError('token_unknown');
    return c.json(await staffTokenOfRow(db, row, institution, clock()), 200);
  });

  app.openapi(voidSerialRoute, async (c) => {
    const write = await idempotentWrite(c, clock());
    const { serial } = c.req.valid('param');
    const by = c.req.valid('json');
    const accepted = await once(db, write, () => voidSerial(db, { write, serial, by }));
    if (!accepted)
      throw new ProblemError('state_conflict', 'No hardware token that nobody has has this serial');
    return c.json({ serial }, 200);
  });

  for (const act of ['unlock', 'suspend', 'resume', 'release', 'void'] as const) {
    app.openapi(actRoute(act), async (c) => {
      const write = await idempotentWrite(c, clock());
      const institution = institutionOf(dependencies, write.institution);
      const { id } = namedToken(c);
      const by = c.req.valid('json');
      const accepted = await once(db, write, () => actOnToken(db, { write, tokenId: id, act, by }));
      if (!accepted) throw new ProblemError('state_conflict', NEEDED[act]);
      return c.json(await staffTokenOfRow(db, await currentToken(db, { id }), institution, clock()), 200);
    });
  }

  app.openapi(removeDeviceRoute, async (c) => {
    const write = await idempotentWrite(c, clock());
    const institution = institutionOf(dependencies, write.institution);
    const { id: tokenId } = namedToken(c);
    const { device: id } = c.req.valid('param');
    const by = c.req.valid('json');
    const accepted = await once(db, write, () => removeDevice(db, { write, tokenId, id, by }));
    if (!accepted) throw new ProblemError('state_conflict', 'The token has no such device that fills');
    const row = await currentToken(db, { id: tokenId });
    return c.json(await staffTokenOfRow(db, row, institution, clock()), 200);
  });

  app.openapi(replaceRoute, async (c) => {
    const write = await idempotentWrite(c, clock());
    const institution = institutionOf(dependencies, write.institution);
    const { activationPassword, ...by } = c.req.valid('json');
    const row = namedToken(c);
    const asked = { row, act: 'replace', by, activationPassword } as const;
    const issued = await issueInPlace(dependencies, write, institution, asked);
    if (issued === undefined) throw new ProblemError('state_conflict', NEEDED.replace);
    const replaced = await currentToken(db, row);
    const seen = (token: TokenRow) => staffTokenOfRow(db, token, institution, clock());
    return c.json({ replaced: await seen(replaced), issued: await seen(issued) }, 201);
  });
}
