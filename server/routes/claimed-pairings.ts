import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import {
  claimRequestSchema,
  decidePairingSchema,
  type PairingDecision,
  pairingIdSchema,
  pairingNonceSchema,
  pairingResponseSchema,
  pairingWaitSchema,
} from '../../core/api/pairing.ts';
import { JWT_TYPES, publicJwkSchema } from '../../core/api/token.ts';
import { policyOf } from '../../core/institution/policy.ts';
import { readPairingDecision } from '../../core/pairing/messages.ts';
import { sourceOf } from '../../host/source.ts';
import type { RouteDependencies, ServiceEnv } from '../context.ts';
import { decider } from '../devices.ts';
import { institutionOf, namedToken } from '../institutions.ts';
import { takeAll } from '../limits.ts';
import { countPairing } from '../metrics.ts';
import { answers, jsonBody } from '../openapi.ts';
import { claimedPairingOfRow, pairingCodeHasher } from '../pairing.ts';
import { ProblemError } from '../problem.ts';
import { signMessage } from '../sign.ts';
import { isUniqueViolation } from '../store/database.ts';
import {
  answerPairing,
  type Claim,
  claimedPairing,
  claimPairing,
  decidePairing,
  type PairingOfToken,
  pairingStatusAt,
} from '../store/pairings.ts';
import type { TokenRow } from '../store/schema.ts';
import { isSetUp } from '../store/tokens.ts';
import { isUnbound, isVoid } from '../token.ts';
import { waitFor, waitsOfDevices } from '../wait.ts';

const security = [{ proof: [] }];
const params = z.object({ id: pairingIdSchema });
const REFUSALS = [400, 401, 403, 404, 409, 413, 415, 429, 503];

const claimRoute = createRoute({
  method: 'post',
  path: '/v1/token/pairings',
  tags: ['token'],
  summary: '連携: the device that has the token gives the code of the one that is to fill',
  security,
  request: { body: jsonBody(claimRequestSchema) },
  responses: answers(200, 'Claimed', pairingResponseSchema, REFUSALS),
});

const lookRoute = createRoute({
  method: 'get',
  path: '/v1/token/pairings/{id}',
  tags: ['token'],
  summary: 'How a pairing stands whose code was given; waits for a change where it is asked to',
  security,
  request: { params, query: pairingWaitSchema },
  responses: answers(200, 'The pairing', pairingResponseSchema, [400, 401, 403, 404, 429, 503]),
});

const nonceRoute = createRoute({
  method: 'put',
  path: '/v1/token/pairings/{id}/nonce',
  tags: ['token'],
  summary: 'Give the nonce, before the other device reveals its own',
  security,
  request: { params, body: jsonBody(pairingNonceSchema) },
  responses: answers(200, 'The pairing', pairingResponseSchema, REFUSALS),
});

const decideRoute = createRoute({
  method: 'post',
  path: '/v1/token/pairings/{id}/decision',
  tags: ['token'],
  summary: 'Whether both devices show the same symbols, signed by the one that has the token',
  security,
  request: { params, body: jsonBody(decidePairingSchema) },
  responses: answers(200, 'Taken', pairingResponseSchema, REFUSALS),
});

/** A pairing as the device that has the token sees it. */
export function claimedPairingRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: RouteDependencies): void {
  const { db, clock, limits, masterKey, signingKey, trustedProxies } = dependencies;
  const hashers = masterKey.opening.map(pairingCodeHasher);
  const waitOf = waitsOfDevices();
  const answer = async (row: PairingOfToken, jti: string) => ({
    pairing: await signMessage(signingKey, JWT_TYPES.claimedPairing, {
      ...claimedPairingOfRow(row, jti, clock()),
    }),
  });
  const find = async (id: string, deviceId: string) => {
    const row = await claimedPairing(db, id, deviceId);
    if (row === undefined) throw new ProblemError('pairing_unknown');
    return row;
  };

  const takesDevices = async (token: TokenRow) => {
    const now = clock();
    return isSetUp(token, new Date(now)) && !isUnbound(token) && !(await isVoid(db, token, now));
  };

  /** The code is kept under the key of the node that made it, which is another one's while the master key is changed. */
  const claim = async (code: string, claimed: Omit<Claim, 'codeHash'>) => {
    for (const hashOf of hashers) {
      const row = await claimPairing(db, { ...claimed, codeHash: hashOf(code) });
      if (row !== undefined) return row;
    }
    return undefined;
  };

  app.openapi(claimRoute, async (c) => {
    const { jti, publicKey } = c.get('proof');
    const device = decider(c);
    const token = namedToken(c);
    const { institution: key, id: tokenId, paired_devices: paired } = token;
    if (!(await takesDevices(token))) throw new ProblemError('state_conflict', 'The token is not in use');
    const { pairedDevices: most } = policyOf(institutionOf(dependencies, key));
    if (paired >= most) throw new ProblemError('state_conflict', 'The token has as many devices as it may');
    const giveBack = takeAll(
      [
        { limit: limits.pairingCodes, key: device.id },
        { limit: limits.pairingCodesOfSource, key: sourceOf(c, trustedProxies) },
      ],
      clock(),
    );
    const row = await claim(c.req.valid('json').code, {
      deviceId: device.id,
      signingKey: publicJwkSchema.parse(await exportJWK(publicKey)),
      at: new Date(clock()),
    });
    countPairing(key, row === undefined ? 'unknown' : 'claimed');
    if (row?.token_id !== tokenId) throw new ProblemError('pairing_unknown');
    giveBack();
    return c.json(await answer(row, jti), 200);
  });

  app.openapi(lookRoute, async (c) => {
    const { wait, seen } = c.req.valid('query');
    const { id } = c.req.valid('param');
    const device = decider(c);
    const first = await find(id, device.id);
    const look = async () => {
      const row = await find(id, device.id);
      return pairingStatusAt(row, clock()) === seen ? undefined : row;
    };
    const change = () => waitFor(look, first.id, wait * 1000, c.req.raw.signal, dependencies);
    const changed = wait > 0 && (await waitOf(device.id, change));
    return c.json(await answer(changed || (await find(id, device.id)), c.get('proof').jti), 200);
  });

  app.openapi(nonceRoute, async (c) => {
    const { id } = c.req.valid('param');
    const { nonce } = c.req.valid('json');
    const device = decider(c);
    await answerPairing(db, { id, deviceId: device.id, nonce, at: new Date(clock()) });
    const row = await find(id, device.id);
    // Another nonce after the first would be a choice made with the symbols in view.
    if (row.phone_nonce !== nonce) throw new ProblemError('state_conflict', 'It takes no nonce any more');
    return c.json(await answer(row, c.get('proof').jti), 200);
  });

  app.openapi(decideRoute, async (c) => {
    const { id } = c.req.valid('param');
    const { jti, publicKey } = c.get('proof');
    const device = decider(c);
    const { institution: key } = namedToken(c);
    const signed = c.req.valid('json').decision;
    const { decision } = await readDecision(signed, publicKey, await find(id, device.id));
    const write = { institution: key, requestId: c.get('requestId'), at: new Date(clock()) };
    const { pairedDevices: most } = policyOf(institutionOf(dependencies, key));
    await decidePairing(db, { write, id, deviceId: device.id, decision, signed, most }).catch((error) => {
      // Its key has become a device's by another way: the pairing comes to nothing.
      if (!isUniqueViolation(error, 'devices_jkt_key')) throw error;
    });
    const row = await find(id, device.id);
    countPairing(key, pairingStatusAt(row, clock()));
    if (row.status !== decision) throw new ProblemError('state_conflict', 'It cannot be decided any more');
    return c.json(await answer(row, jti), 200);
  });
}

/**
 * Reads a decision signed by the token's own key, on the keys that it was shown the symbols of.
 * @throws ProblemError invalid_request
 */
async function readDecision(signed: string, key: CryptoKey, row: PairingOfToken): Promise<PairingDecision> {
  const decision = await readPairingDecision(signed, key);
  const fits =
    decision?.pairing === row.id &&
    decision.device === row.jkt &&
    decision.receivingKey === (await calculateJwkThumbprint(row.receiving_key));
  if (!fits) throw new ProblemError('invalid_request', 'The decision is not on this pairing', ['decision']);
  return decision;
}
