import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { CompactEncrypt, calculateJwkThumbprint, importJWK } from 'jose';
import {
  type Enrolment,
  type EnrolRequest,
  enrolRequestSchema,
  enrolResponseSchema,
  JWT_TYPES,
} from '../../core/api/token.ts';
import type { Institution, PublicJwk } from '../../core/institution/directory.ts';
import { KEY_BYTES } from '../../core/otp/key.ts';
import { open, seal } from '../../core/vault/seal.ts';
import { equalInConstantTime } from '../compare.ts';
import type { ServiceDependencies, ServiceEnv } from '../context.ts';
import { answers, jsonBody } from '../openapi.ts';
import { ProblemError } from '../problem.ts';
import { randomDigits } from '../random.ts';
import { signMessage } from '../sign.ts';
import { isUniqueViolation } from '../store/database.ts';
import type { TokenRow } from '../store/schema.ts';
import { completeEnrolment, findToken, findTokenById, refuseEnrolment, type Write } from '../store/tokens.ts';

const route = createRoute({
  method: 'post',
  path: '/v1/enrolments',
  tags: ['token'],
  summary: '初期設定: a token exchanges its three values and its keys for the OTP key',
  security: [{ proof: [] }],
  request: { body: jsonBody(enrolRequestSchema) },
  responses: answers(201, 'Enrolled', enrolResponseSchema, [400, 401, 403, 413, 415, 500, 503]),
});

export function enrolmentRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: ServiceDependencies): void {
  app.openapi(route, async (c) => {
    const request = c.req.valid('json');
    const { jkt } = c.get('proof');
    if ((await calculateJwkThumbprint(request.signingKey)) !== jkt) throw new ProblemError('proof_invalid');
    const receivingKey = await readReceivingKey(request.receivingKey);
    const enrolled = await enrol(dependencies, request, jkt, c.get('requestId'));
    if (enrolled === undefined) throw new ProblemError('enrolment_refused');
    return c.json({ enrolment: await describe(dependencies, enrolled, receivingKey) }, 201);
  });
}

/** A point off the curve is found out before anything is written. */
async function readReceivingKey(jwk: PublicJwk): Promise<CryptoKey> {
  try {
    const key = await importJWK({ ...jwk }, 'ECDH-ES');
    if (key instanceof CryptoKey) return key;
  } catch {
    // Told below, as a field that was wrong.
  }
  throw new ProblemError('invalid_request', 'receivingKey is not a point of P-256', ['receivingKey']);
}

interface Enrolled {
  readonly row: TokenRow;
  readonly institution: Institution;
}

/**
 * Takes the three values, once. The same token asking again, its answer lost, is answered again; every other reason to
 * refuse looks the same from outside.
 */
async function enrol(
  dependencies: ServiceDependencies,
  request: EnrolRequest,
  jkt: string,
  requestId: string,
): Promise<Enrolled | undefined> {
  const { db, directory, clock } = dependencies;
  const institution = directory.institutions.find(({ serviceId }) => serviceId === request.serviceId);
  const row = institution && (await findToken(db, institution.key, request.userId));
  const passwordFits = await checkActivationPassword(dependencies, row, request.activationPassword);
  const write: Write = { institution: institution?.key ?? '', requestId, at: new Date(clock()) };
  if (institution === undefined || row === undefined || !passwordFits) {
    await refuseEnrolment(db, write, row?.id ?? '');
    return undefined;
  }
  if (row.status === 'issued') await complete(dependencies, write, row, request, jkt);
  const after = await findTokenById(db, row.id);
  return after?.status === 'enrolled' && after.jkt === jkt ? { row: after, institution } : undefined;
}

async function complete(
  dependencies: ServiceDependencies,
  write: Write,
  row: TokenRow,
  request: EnrolRequest,
  jkt: string,
): Promise<void> {
  const { db, masterKey, randomBytes } = dependencies;
  const secret = await seal(masterKey, randomBytes(KEY_BYTES), row.id, randomBytes);
  try {
    await completeEnrolment(db, write, row.id, {
      serial: randomDigits(randomBytes, 9),
      secret,
      jkt,
      receivingKey: JSON.stringify(request.receivingKey),
      expiresAt: expiryFrom(write.at),
    });
  } catch (error) {
    // A key that is another token's already: left unenrolled, and so refused.
    if (isUniqueViolation(error, 'tokens_jkt_key')) return;
    if (!isUniqueViolation(error, 'tokens_serial_key')) throw error;
    await complete(dependencies, write, row, request, jkt);
  }
}

/** Does the same work whether or not there is such an issue, so that time tells nothing (ASVS 6.3.8). */
async function checkActivationPassword(
  { masterKey, randomBytes }: ServiceDependencies,
  row: TokenRow | undefined,
  given: string,
): Promise<boolean> {
  const sealed = row?.activation_password ?? (await seal(masterKey, new Uint8Array(8), '', randomBytes));
  const expected = new TextDecoder().decode(
    await open(masterKey, sealed, row?.activation_password ? row.id : ''),
  );
  return equalInConstantTime(expected, given);
}

/** The signed answer, with the OTP key encrypted to the token's receiving key. */
async function describe(
  { masterKey, signingKey }: ServiceDependencies,
  { row, institution }: Enrolled,
  receivingKey: CryptoKey,
): Promise<string> {
  const { secret, serial, jkt, enrolled_at, expires_at } = row;
  if (!secret || !serial || !jkt || !enrolled_at || !expires_at)
    throw new Error('an enrolled token lacks its parts');
  const key = await open(masterKey, secret, row.id);
  const enrolment: Enrolment = {
    tokenId: row.id,
    serviceId: institution.serviceId,
    userId: row.user_id,
    serial,
    jkt,
    ...institution.otp,
    enrolledAt: enrolled_at.toISOString(),
    expiresAt: expires_at.toISOString(),
    secret: await new CompactEncrypt(key)
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
      .encrypt(receivingKey),
  };
  return signMessage(signingKey, JWT_TYPES.enrolment, { ...enrolment });
}

/** 有効期限: the last day of the month, five years on, 09:00 in Japan. */
function expiryFrom(enrolledAt: Date): Date {
  const japan = new Date(enrolledAt.getTime() + 9 * 60 * 60_000);
  return new Date(Date.UTC(japan.getUTCFullYear() + 5, japan.getUTCMonth() + 1, 0, 0, 0));
}
