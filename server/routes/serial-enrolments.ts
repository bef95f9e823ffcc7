import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { calculateJwkThumbprint } from 'jose';
import {
  JWT_TYPES,
  type SerialEnrolment,
  type SerialEnrolRequest,
  serialEnrolRequestSchema,
  serialEnrolResponseSchema,
} from '../../core/api/token.ts';
import type { Institution } from '../../core/institution/directory.ts';
import { policyOf } from '../../core/institution/policy.ts';
import { KEY_BYTES } from '../../core/otp/key.ts';
import { newSerial } from '../../core/otp/serial.ts';
import { seal } from '../../core/vault/seal.ts';
import { endFrom } from '../../host/expiry.ts';
import { randomDigits, randomId } from '../../host/random.ts';
import { sourceOf } from '../../host/source.ts';
import type { CheckedProof, RouteDependencies, ServiceEnv } from '../context.ts';
import { describeEnrolment, readDevice, readReceivingKey } from '../enrolment.ts';
import { rateLimited, takeAll } from '../limits.ts';
import { answers, jsonBody } from '../openapi.ts';
import { ProblemError } from '../problem.ts';
import { signMessage } from '../sign.ts';
import { isUniqueViolation } from '../store/database.ts';
import type { MadeSerial, NewSerialToken } from '../store/serials.ts';
import type { Write } from '../store/tokens.ts';
import { nextTokenOf } from '../token-parameters.ts';

const HOUR_MS = 60 * 60_000;

const route = createRoute({
  method: 'post',
  path: '/v1/serial-enrolments',
  tags: ['token'],
  summary:
    'シリアル番号のトークンを作る: a token gets an OTP key and a serial number, before any contract has it',
  security: [{ proof: [] }],
  request: { body: jsonBody(serialEnrolRequestSchema) },
  responses: answers(201, 'Made', serialEnrolResponseSchema, [400, 401, 403, 413, 415, 429, 503]),
});

export function serialEnrolmentRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: RouteDependencies): void {
  const { limits, clock, masterKey, signingKey, trustedProxies } = dependencies;

  app.openapi(route, async (c) => {
    const request = c.req.valid('json');
    const proof = c.get('proof');
    if ((await calculateJwkThumbprint(request.signingKey)) !== proof.jkt)
      throw new ProblemError('proof_invalid');
    const receivingKey = await readReceivingKey(request.receivingKey);
    const institution = serialInstitution(dependencies, request);
    const source = sourceOf(c, trustedProxies);
    const giveBack = takeAll([{ limit: limits.serials, key: source }], clock());
    const made = await make(dependencies, institution, request, proof, c.get('requestId')).catch((error) => {
      giveBack();
      throw error;
    });
    // A source that asks while there is no room keeps asking at its own rate: there are new keys without end.
    if (made.outcome === 'limited') throw rateLimited(HOUR_MS);
    // A token that is there already takes no more room; one key asks for it at the rate of a key.
    if (made.outcome !== 'done') giveBack();
    if (made.row === undefined) throw new ProblemError('enrolment_refused');
    const described = await describeEnrolment(masterKey, made.row, institution, {
      jkt: proof.jkt,
      receivingKey,
    });
    const enrolment: SerialEnrolment = { ...described, bindBy: made.row.enrol_by.toISOString() };
    return c.json({ enrolment: await signMessage(signingKey, JWT_TYPES.serialEnrolment, enrolment) }, 201);
  });
}

/** @throws ProblemError enrolment_refused where the institution has no such tokens, or there is none */
function serialInstitution(
  { directory }: Pick<RouteDependencies, 'directory'>,
  { serviceId }: SerialEnrolRequest,
): Institution {
  const institution = directory.institutions.find((one) => one.serviceId === serviceId);
  if (institution?.tokenKind !== 'serial') throw new ProblemError('enrolment_refused');
  return institution;
}

/** A token of these keys; the one there is where they ask again. */
async function make(
  { gathered, clock, masterKey, randomBytes }: RouteDependencies,
  institution: Institution,
  request: SerialEnrolRequest,
  { jkt, jti, until }: CheckedProof,
  requestId: string,
): Promise<MadeSerial> {
  const tokenId = randomId(randomBytes);
  const write: Write = { institution: institution.key, requestId, at: new Date(clock()) };
  const { bindWithinHours, unboundTokens: most } = policyOf(institution);
  const token: Omit<NewSerialToken, 'serial' | 'userId'> = {
    write,
    tokenId,
    parameters: nextTokenOf(institution),
    secret: await seal(masterKey.sealing, randomBytes(KEY_BYTES), tokenId, randomBytes),
    deviceId: randomId(randomBytes),
    jkt,
    jti,
    proofUntil: until,
    receivingKey: request.receivingKey,
    device: readDevice(request.device),
    bindBy: new Date(write.at.getTime() + bindWithinHours * HOUR_MS),
    expiresAt: endFrom(write.at, policyOf(institution)),
    most,
  };
  const attempt = (tries: number): Promise<MadeSerial> =>
    gathered
      .makeSerial({
        ...token,
        serial: newSerial(randomBytes),
        userId: randomDigits(randomBytes, 12),
      })
      .catch((error) => {
        if (!isUniqueViolation(error) || tries === 1) throw error;
        return attempt(tries - 1);
      });
  return attempt(MOST_TRIES);
}

/** Tried again where the serial, the user id or the key was taken at that very moment. */
const MOST_TRIES = 5;
