import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { calculateJwkThumbprint } from 'jose';
import {
  type EnrolRequest,
  enrolRequestSchema,
  enrolResponseSchema,
  JWT_TYPES,
} from '../../core/api/token.ts';
import type { Institution } from '../../core/institution/directory.ts';
import { policyOf } from '../../core/institution/policy.ts';
import { KEY_BYTES } from '../../core/otp/key.ts';
import { type RandomBytes, seal } from '../../core/vault/seal.ts';
import type { Sealed } from '../../core/vault/sealed.ts';
import { equalInConstantTime } from '../../host/compare.ts';
import { endFrom } from '../../host/expiry.ts';
import { randomDigits, randomId } from '../../host/random.ts';
import { sourceOf } from '../../host/source.ts';
import type { CheckedProof, RouteDependencies, ServiceEnv } from '../context.ts';
import { describeEnrolment, readDevice, readReceivingKey } from '../enrolment.ts';
import { takeAll } from '../limits.ts';
import { type MasterKey, openSealed } from '../master-key.ts';
import { answers, jsonBody } from '../openapi.ts';
import { ProblemError } from '../problem.ts';
import { signMessage } from '../sign.ts';
import { isUniqueViolation } from '../store/database.ts';
import type { Enrol, EnrolOutcome } from '../store/enrolments.ts';
import type { GatheredStore } from '../store/gathered.ts';
import type { TokenRow } from '../store/schema.ts';
import { findToken, findTokenById, type Write } from '../store/tokens.ts';

const route = createRoute({
  method: 'post',
  path: '/v1/enrolments',
  tags: ['token'],
  summary: '初期設定: a token exchanges its three values and its keys for the OTP key',
  security: [{ proof: [] }],
  request: { body: jsonBody(enrolRequestSchema) },
  responses: answers(201, 'Enrolled', enrolResponseSchema, [400, 401, 403, 413, 415, 429, 503]),
});

export function enrolmentRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: RouteDependencies): void {
  const { masterKey, randomBytes, signingKey } = dependencies;
  /** Opened in place of a password where there is none to compare with. It equals no password, as those are digits. */
  const nobodys = seal(masterKey.sealing, new Uint8Array(8), '', randomBytes);

  app.openapi(route, async (c) => {
    const request = c.req.valid('json');
    const { jkt } = c.get('proof');
    if ((await calculateJwkThumbprint(request.signingKey)) !== jkt) throw new ProblemError('proof_invalid');
    const receivingKey = await readReceivingKey(request.receivingKey);
    const giveBack = takeTry(dependencies, request, sourceOf(c, dependencies.trustedProxies));
    const enrolled = await enrol(dependencies, nobodys, request, c.get('proof'), c.get('requestId')).catch(
      (error) => {
        // An outage does not count as a wrong password.
        giveBack();
        throw error;
      },
    );
    if (enrolled === undefined) throw new ProblemError('enrolment_refused');
    giveBack();
    const { row, institution } = enrolled;
    const enrolment = await describeEnrolment(masterKey, row, institution, { jkt, receivingKey });
    return c.json({ enrolment: await signMessage(signingKey, JWT_TYPES.enrolment, { ...enrolment }) }, 201);
  });
}

/**
 * Counts a try before it is judged: for its source, for the issue that it names, whether or not that exists, and for the
 * institution if a try at that issue has failed before.
 * @returns a function that takes the counts back
 * @throws ProblemError rate_limited
 */
function takeTry(
  { limits, clock, directory }: RouteDependencies,
  { serviceId, userId }: EnrolRequest,
  source: string | undefined,
): () => void {
  const now = clock();
  const issue = `${serviceId}/${userId}`;
  const institution = directory.institutions.find((one) => one.serviceId === serviceId);
  const tries = limits.triesAt(institution?.key ?? '');
  const isFirst = tries.all.isUntouched(issue, now);
  return takeAll(
    [
      { limit: limits.enrolments, key: source },
      { limit: tries.ofSource, key: source && `${source} ${issue}` },
      { limit: tries.all, key: issue },
      { limit: limits.laterTries, key: isFirst ? undefined : serviceId },
    ],
    now,
  );
}

interface Enrolled {
  readonly row: TokenRow;
  readonly institution: Institution;
}

/**
 * Takes the three values, once. A token that lost the answer and asks again gets it again. Every other refusal looks the
 * same from outside and takes the same work.
 */
async function enrol(
  dependencies: RouteDependencies,
  nobodys: Promise<Sealed>,
  request: EnrolRequest,
  { jkt, jti, until }: CheckedProof,
  requestId: string,
): Promise<Enrolled | undefined> {
  const { db, gathered, directory, clock, masterKey, randomBytes } = dependencies;
  const institution = directory.institutions.find(({ serviceId }) => serviceId === request.serviceId);
  const row = await findToken(db, institution?.key ?? '', request.userId);
  const fits = await checkActivationPassword(masterKey, row, await nobodys, request.activationPassword);
  const tokenId = row?.id ?? '';
  const write: Write = { institution: institution?.key ?? '', requestId, at: new Date(clock()) };
  const attempt: Omit<Enrol, 'serial'> = {
    write,
    tokenId,
    fits,
    deviceId: randomId(randomBytes),
    jkt,
    jti,
    proofUntil: until,
    secret: await seal(masterKey.sealing, randomBytes(KEY_BYTES), tokenId, randomBytes),
    receivingKey: request.receivingKey,
    expiresAt: endFrom(write.at, policyOf(institution)),
    device: readDevice(request.device),
  };
  const outcome = await tryEnrol(gathered, attempt, randomBytes);
  if (institution === undefined || (outcome !== 'done' && outcome !== 'again')) return undefined;
  const after = await findTokenById(db, tokenId);
  return after?.status === 'enrolled' ? { row: after, institution } : undefined;
}

const MOST_TRIES = 5;

/** Tries again if the serial or the key was taken at the same moment, or if the token has changed. */
async function tryEnrol(
  gathered: GatheredStore,
  attempt: Omit<Enrol, 'serial'>,
  randomBytes: RandomBytes,
  tries = MOST_TRIES,
): Promise<EnrolOutcome> {
  try {
    const outcome = await gathered.enrol({ ...attempt, serial: randomDigits(randomBytes, 9) });
    if (outcome !== 'overtaken' || tries === 1) return outcome;
  } catch (error) {
    if (!isUniqueViolation(error) || tries === 1) throw error;
  }
  return tryEnrol(gathered, attempt, randomBytes, tries - 1);
}

/** Does the same work whether or not the issue exists, so that the time taken reveals nothing (ASVS 6.3.8). */
async function checkActivationPassword(
  masterKey: MasterKey,
  row: TokenRow | undefined,
  nobodys: Sealed,
  given: string,
): Promise<boolean> {
  const sealed = row?.activation_password ?? nobodys;
  const opened = await openSealed(masterKey, sealed, row?.activation_password ? row.id : '');
  return equalInConstantTime(new TextDecoder().decode(opened), given);
}
