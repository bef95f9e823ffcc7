import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  type Approval,
  type ApprovalList,
  type ApprovalRequest,
  approvalIdSchema,
  approvalResponseSchema,
  approvalsResponseSchema,
  approvalWaitSchema,
  askApprovalSchema,
  decideApprovalSchema,
} from '../../core/api/approval.ts';
import { JWT_TYPES, PROOF_LIFETIME_S } from '../../core/api/token.ts';
import { policiesOf } from '../../core/institution/policy.ts';
import { readApprovalDecision, readApprovalRequest } from '../../core/pairing/messages.ts';
import type { RouteDependencies, ServiceEnv } from '../context.ts';
import { decider, theDevice } from '../devices.ts';
import { namedToken } from '../institutions.ts';
import { rateLimited } from '../limits.ts';
import { countApproval } from '../metrics.ts';
import { answers, jsonBody } from '../openapi.ts';
import { ProblemError } from '../problem.ts';
import { signMessage } from '../sign.ts';
import {
  type AskForCode,
  approvalStatusAt,
  askedUntil,
  askForCode,
  decideOnCode,
  findApproval,
  mayAskAt,
  waitingApprovals,
  withdrawApproval,
} from '../store/approvals.ts';
import { isUniqueViolation } from '../store/database.ts';
import { isRemoved } from '../store/devices.ts';
import type { ApprovalRow, TokenRow } from '../store/schema.ts';
import { currentToken, isSetUp } from '../store/tokens.ts';
import { isVoid } from '../token.ts';
import { waitFor, waitsOfDevices } from '../wait.ts';

const security = [{ proof: [] }];
const params = z.object({ id: approvalIdSchema });
/** How many questions that came at once a question follows at most. */
const MOST_TRIES = 5;

const TAKEN = 'Another question has this id';
const REFUSALS = [400, 401, 403, 404, 409, 413, 415, 429, 503];

const askRoute = createRoute({
  method: 'post',
  path: '/v1/token/approvals',
  tags: ['token'],
  summary: '承認: a device that fills asks for a code for one page',
  security,
  request: { body: jsonBody(askApprovalSchema) },
  responses: answers(201, 'Asked', approvalResponseSchema, REFUSALS),
});

const listRoute = createRoute({
  method: 'get',
  path: '/v1/token/approvals',
  tags: ['token'],
  summary: 'The questions for codes that wait for the customer, each signed by the device that asks',
  security,
  responses: answers(200, 'The questions', approvalsResponseSchema, [401, 403, 404, 429, 503]),
});

const lookRoute = createRoute({
  method: 'get',
  path: '/v1/token/approvals/{id}',
  tags: ['token'],
  summary: "What came of a device's own question; waits for it where it is asked to",
  security,
  request: { params, query: approvalWaitSchema },
  responses: answers(200, 'How it stands', approvalResponseSchema, [400, 401, 404, 429, 503]),
});

const withdrawRoute = createRoute({
  method: 'delete',
  path: '/v1/token/approvals/{id}',
  tags: ['token'],
  summary: 'Withdraw a question: the page is gone, or the customer does not need the code',
  security,
  request: { params },
  responses: answers(200, 'How it stands', approvalResponseSchema, [400, 401, 404, 429, 503]),
});

const decideRoute = createRoute({
  method: 'post',
  path: '/v1/token/approvals/{id}/decision',
  tags: ['token'],
  summary: "The customer's decision, signed by the device that decides, with the code for the one that asked",
  security,
  request: { params, body: jsonBody(decideApprovalSchema) },
  responses: answers(200, 'Taken', approvalResponseSchema, REFUSALS),
});

/** 承認 of codes: the service relays questions and decisions, and can read no code. */
export function approvalRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: RouteDependencies): void {
  const { db, clock, signingKey, directory } = dependencies;
  const policies = policiesOf(directory.institutions);
  const waitOf = waitsOfDevices();

  const answer = async (row: ApprovalRow, token: TokenRow, jti: string, withDecision = false) => {
    const at = new Date(clock());
    const approval: Approval = {
      approval: row.id,
      proof: jti,
      status: approvalStatusAt(row, token, at),
      now: at.getTime(),
      expiresAt: row.expires_at.toISOString(),
      ...(withDecision && row.signed_decision !== null && { decision: row.signed_decision }),
    };
    return { approval: await signMessage(signingKey, JWT_TYPES.approval, { ...approval }) };
  };

  const find = async (tokenId: string, id: string, askedBy?: string) => {
    const row = await findApproval(db, tokenId, id);
    if (row === undefined || (askedBy !== undefined && row.device_id !== askedBy)) {
      throw new ProblemError('not_found', 'No such question');
    }
    return row;
  };

  /** The same question again, its answer lost; undefined where there is none of this id. */
  const askedBefore = async ({ tokenId, id, deviceId, request }: AskForCode) => {
    const row = await findApproval(db, tokenId, id);
    if (row === undefined) return undefined;
    if (row.device_id !== deviceId || row.request !== request) {
      throw new ProblemError('state_conflict', TAKEN);
    }
    return row;
  };

  /** Asks; where the device asks several times at once, one after the other. */
  const ask = async (asked: AskForCode, tries = MOST_TRIES): Promise<ApprovalRow | undefined> => {
    try {
      return await askForCode(db, policies, asked);
    } catch (error) {
      if (isUniqueViolation(error, 'approvals_pkey')) {
        const row = await askedBefore(asked);
        if (row === undefined) throw new ProblemError('state_conflict', TAKEN);
        return row;
      }
      if (!isUniqueViolation(error, 'approvals_waiting')) throw error;
      if (tries === 1) throw rateLimited(1_000);
      return ask(asked, tries - 1);
    }
  };

  app.openapi(askRoute, async (c) => {
    const { jti, publicKey } = c.get('proof');
    const device = theDevice(c);
    const token = namedToken(c);
    const { id: tokenId, institution } = token;
    if (device.mayDecide) throw new ProblemError('device_not_allowed');
    const { request } = c.req.valid('json');
    const now = clock();
    const { approval: id, iat } = await readRequest(request, publicKey, tokenId);
    const write = { institution, requestId: c.get('requestId'), at: new Date(now) };
    const asked = { write, id, tokenId, deviceId: device.id, request };
    const before = await askedBefore(asked);
    if (before !== undefined) return c.json(await answer(before, token, jti, true), 201);
    if (Math.abs(now / 1000 - iat) > PROOF_LIFETIME_S) throw notThis();
    if (!isSetUp(token, write.at) || (await isVoid(db, token, now))) {
      throw new ProblemError('state_conflict', 'The token is not in use');
    }
    const row = await ask(asked);
    countApproval(institution, row === undefined ? 'limited' : 'asked');
    if (row !== undefined) return c.json(await answer(row, token, jti, true), 201);
    const againAt = mayAskAt(await askedUntil(db, device.id), policies(institution), now);
    throw rateLimited(againAt - now);
  });

  app.openapi(listRoute, async (c) => {
    const token = namedToken(c);
    decider(c);
    const at = new Date(clock());
    const rows = isSetUp(token, at) ? await waitingApprovals(db, token.id, at) : [];
    const approvals: ApprovalList = {
      tokenId: token.id,
      proof: c.get('proof').jti,
      now: at.getTime(),
      approvals: rows.map(({ request, jkt, expires_at }) => ({
        request,
        jkt,
        expiresAt: expires_at.toISOString(),
      })),
    };
    return c.json({ approvals: await signMessage(signingKey, JWT_TYPES.approvals, { ...approvals }) }, 200);
  });

  app.openapi(lookRoute, async (c) => {
    const { id } = c.req.valid('param');
    const { wait } = c.req.valid('query');
    const { id: tokenId } = namedToken(c);
    const device = theDevice(c);
    const read = async () => {
      const row = await find(tokenId, id, device.id);
      if (await isRemoved(db, device.id)) throw new ProblemError('token_unknown');
      return { row, token: await currentToken(db, { id: tokenId }) };
    };
    const look = async () => {
      const now = await read();
      return approvalStatusAt(now.row, now.token, new Date(clock())) === 'waiting' ? undefined : now;
    };
    const change = () => waitFor(look, tokenId, wait * 1000, c.req.raw.signal, dependencies);
    const decided = wait > 0 && (await waitOf(device.id, change));
    const { row, token } = decided || (await read());
    return c.json(await answer(row, token, c.get('proof').jti, true), 200);
  });

  app.openapi(withdrawRoute, async (c) => {
    const { id } = c.req.valid('param');
    const token = namedToken(c);
    const deviceId = theDevice(c).id;
    await withdrawApproval(db, { tokenId: token.id, id, deviceId });
    const row = await find(token.id, id, deviceId);
    return c.json(await answer(row, token, c.get('proof').jti, true), 200);
  });

  app.openapi(decideRoute, async (c) => {
    const { id } = c.req.valid('param');
    const { jti, publicKey } = c.get('proof');
    const { id: tokenId, institution } = namedToken(c);
    const device = decider(c);
    const { request } = await find(tokenId, id);
    const signed = c.req.valid('json').decision;
    const read = await readApprovalDecision(signed, publicKey, { approval: id, request });
    if (read === undefined) {
      throw new ProblemError('invalid_request', 'The decision is not on this question', ['decision']);
    }
    const { decision } = read;
    const write = { institution, requestId: c.get('requestId'), at: new Date(clock()) };
    await decideOnCode(db, policies, { write, id, tokenId, deviceId: device.id, decision, signed });
    const row = await find(tokenId, id);
    // The very decision: another code later would be another decision.
    const isTaken = row.signed_decision === signed;
    countApproval(institution, isTaken ? decision : 'overtaken');
    if (!isTaken && row.status !== decision) {
      throw new ProblemError('state_conflict', 'It cannot be decided any more');
    }
    return c.json(await answer(row, await currentToken(db, { id: tokenId }), jti), 200);
  });
}

const notThis = () =>
  new ProblemError('invalid_request', 'The question is not by this device, or not of now', ['request']);

/**
 * Reads a question signed by the key of the proof, for this token.
 * @throws ProblemError invalid_request
 */
async function readRequest(request: string, key: CryptoKey, tokenId: string): Promise<ApprovalRequest> {
  const read = await readApprovalRequest(request, key);
  if (read?.tokenId !== tokenId) throw notThis();
  return read;
}
