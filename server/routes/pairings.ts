import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { calculateJwkThumbprint } from 'jose';
import {
  PAIRING_MINUTES,
  type Pairing,
  pairingNonceSchema,
  pairingRequestSchema,
  pairingResponseSchema,
  pairingWaitSchema,
} from '../../core/api/pairing.ts';
import { JWT_TYPES } from '../../core/api/token.ts';
import { commitmentTo } from '../../core/pairing/link.ts';
import { equalInConstantTime } from '../../host/compare.ts';
import { randomDigits, randomId } from '../../host/random.ts';
import { sourceOf } from '../../host/source.ts';
import type { RouteDependencies, ServiceEnv } from '../context.ts';
import { readDevice, readReceivingKey } from '../enrolment.ts';
import { rateLimited, takeAll } from '../limits.ts';
import { answers, jsonBody, problems } from '../openapi.ts';
import { pairingCodeHasher, pairingOfRow } from '../pairing.ts';
import { ProblemError } from '../problem.ts';
import { signMessage } from '../sign.ts';
import { isUniqueViolation } from '../store/database.ts';
import { isKeyOfDevice } from '../store/devices.ts';
import {
  type BeginPairing,
  beginPairing,
  cancelPairing,
  type PairingOfToken,
  pairingOfKey,
  pairingStatusAt,
  revealPairing,
} from '../store/pairings.ts';
import { waitFor, waitsOfDevices } from '../wait.ts';

const MINUTE_MS = 60_000;

/** Pairings under way at a time, of whomever: it bounds the table, and what a guessed code finds. */
const MOST_PAIRINGS = 1_000;

/** Tried again where another pairing has the code. */
const MOST_TRIES = 5;

const security = [{ proof: [] }];

const beginRoute = createRoute({
  method: 'post',
  path: '/v1/pairings',
  tags: ['token'],
  summary: '連携: a device that is to fill begins, and gets the code to give to the one that has the token',
  security,
  request: { body: jsonBody(pairingRequestSchema) },
  responses: answers(201, 'Begun', pairingResponseSchema, [400, 401, 409, 413, 415, 429, 503]),
});

const lookRoute = createRoute({
  method: 'get',
  path: '/v1/pairing',
  tags: ['token'],
  summary: 'How the pairing stands that the signing key began; waits for a change where it is asked to',
  security,
  request: { query: pairingWaitSchema },
  responses: answers(200, 'The pairing', pairingResponseSchema, [400, 401, 404, 429, 503]),
});

const revealRoute = createRoute({
  method: 'put',
  path: '/v1/pairing/nonce',
  tags: ['token'],
  summary: 'Reveal the nonce of the commitment, once the other device has given its own',
  security,
  request: { body: jsonBody(pairingNonceSchema) },
  responses: answers(200, 'The pairing', pairingResponseSchema, [400, 401, 404, 409, 413, 415, 429, 503]),
});

const cancelRoute = createRoute({
  method: 'delete',
  path: '/v1/pairing',
  tags: ['token'],
  summary: 'Call the pairing off before it is done',
  security,
  responses: { ...problems([401, 404, 409, 429, 503]), 204: { description: 'Over' } },
});

/** A pairing as the device that is to fill sees it. Its key is no token's yet. */
export function pairingRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: RouteDependencies): void {
  const { db, clock, limits, masterKey, signingKey, trustedProxies, pairingWaiters, randomBytes } =
    dependencies;
  const waiting = { ...dependencies, waiters: pairingWaiters };
  const waitOf = waitsOfDevices();
  const hashOf = pairingCodeHasher(masterKey.sealing);
  const answer = async (row: PairingOfToken, jti: string, code?: string) => {
    const pairing: Pairing = { ...(await pairingOfRow(dependencies, row, jti)), ...(code && { code }) };
    return { pairing: await signMessage(signingKey, JWT_TYPES.pairing, { ...pairing }) };
  };
  const find = async (jkt: string) => {
    const row = await pairingOfKey(db, jkt);
    if (row === undefined) throw new ProblemError('pairing_unknown');
    return row;
  };

  /** Begins with another code where one is taken. */
  const begin = async (begun: Omit<BeginPairing, 'codeHash'>, tries = MOST_TRIES) => {
    const code = randomDigits(randomBytes, 8);
    try {
      return { code, row: await beginPairing(db, { ...begun, codeHash: hashOf(code) }) };
    } catch (error) {
      if (!isUniqueViolation(error, 'pairings_code') || tries === 1) throw error;
      return begin(begun, tries - 1);
    }
  };

  app.openapi(beginRoute, async (c) => {
    const { signingKey: key, receivingKey, commitment, ...described } = c.req.valid('json');
    const { jkt, jti } = c.get('proof');
    if ((await calculateJwkThumbprint(key)) !== jkt) throw new ProblemError('proof_invalid');
    await readReceivingKey(receivingKey);
    const device = readDevice(described.device);
    const giveBack = takeAll([{ limit: limits.pairings, key: sourceOf(c, trustedProxies) }], clock());
    const at = new Date(clock());
    const { code, row } = await begin({
      id: randomId(randomBytes),
      jkt,
      signingKey: key,
      receivingKey,
      commitment,
      device,
      at,
      expiresAt: new Date(at.getTime() + PAIRING_MINUTES * MINUTE_MS),
      most: MOST_PAIRINGS,
    });
    if (row !== undefined) return c.json(await answer(row, jti, code), 201);
    giveBack();
    if ((await isKeyOfDevice(db, jkt)) || (await pairingOfKey(db, jkt))) {
      throw new ProblemError('state_conflict', 'The key has been used: make new ones for each pairing');
    }
    throw rateLimited(MINUTE_MS);
  });

  app.openapi(lookRoute, async (c) => {
    const { jkt, jti } = c.get('proof');
    const { wait, seen } = c.req.valid('query');
    const first = await find(jkt);
    const look = async () => {
      const row = await find(jkt);
      return pairingStatusAt(row, clock()) === seen ? undefined : row;
    };
    const change = () => waitFor(look, first.id, wait * 1000, c.req.raw.signal, waiting);
    const changed = wait > 0 && (await waitOf(jkt, change));
    return c.json(await answer(changed || (await find(jkt)), jti), 200);
  });

  app.openapi(revealRoute, async (c) => {
    const { jkt, jti } = c.get('proof');
    const { nonce } = c.req.valid('json');
    const { commitment } = await find(jkt);
    if (!equalInConstantTime(await commitmentTo(nonce), commitment)) {
      throw new ProblemError('invalid_request', 'The commitment is to another nonce', ['nonce']);
    }
    await revealPairing(db, { jkt, nonce, at: new Date(clock()) });
    const row = await find(jkt);
    // Once revealed it stays so: the answer to this may have been lost.
    if (row.nonce === null) throw new ProblemError('state_conflict', 'The other device has given no nonce');
    return c.json(await answer(row, jti), 200);
  });

  app.openapi(cancelRoute, async (c) => {
    const { jkt } = c.get('proof');
    await cancelPairing(db, jkt);
    const { status } = await find(jkt);
    if (status === 'paired') throw new ProblemError('state_conflict', 'It is paired: remove the device');
    return c.body(null, 204);
  });
}
