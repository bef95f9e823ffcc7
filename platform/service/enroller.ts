import { calculateJwkThumbprint, compactDecrypt } from 'jose';
import type { ZodType } from 'zod';
import type { Device } from '../../core/api/bank.ts';
import {
  type Enrolment,
  enrolmentSchema,
  enrolResponseSchema,
  JWT_TYPES,
  serialEnrolmentSchema,
} from '../../core/api/token.ts';
import type { Clock } from '../../core/clock.ts';
import type { PinnedInstitution } from '../../core/institution/directory.ts';
import { KEY_BYTES } from '../../core/otp/key.ts';
import type { ClockKeeper } from '../../core/vault/clock.ts';
import { correctedTime } from '../../core/vault/clock.ts';
import type { Enroller, EnrolOutcome, EnrolRefusal } from '../../core/vault/enroller.ts';
import { VaultError } from '../../core/vault/errors.ts';
import type { RandomBytes } from '../../core/vault/seal.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { institutionByKey, institutionByServiceId } from '../directory.ts';
import { makeKeys, type NewKeys, openPendingKeys } from '../storage/key-pairs.ts';
import { ensureKeyring } from '../storage/new-keyring.ts';
import { read } from '../storage/read.ts';
import { guarded } from '../storage/storage-errors.ts';
import { addToken } from '../storage/vault.ts';
import { write } from '../storage/write.ts';
import { readSigned } from './messages.ts';
import { publicJwk } from './proof.ts';
import { type RequestPorts, sendProven } from './token-request.ts';

const TIMEOUT_MS = 15_000;

/** 初期設定 and シリアル番号のトークンを作る against the institution's service (docs/PROTOCOL.md, Enrolment). */
export function createEnroller(
  clock: Clock,
  clockKeeper: ClockKeeper,
  randomBytes: RandomBytes,
  device: Device,
): Enroller {
  const ports = { clock, clockKeeper, randomBytes };
  return {
    enrol: async (input, signal) => {
      const institution = institutionByServiceId(input.serviceId);
      if (institution === undefined) return refused('unknown-service');
      const pendingId = `${input.serviceId}:${input.userId}`;
      const body = { ...input, device };
      return setUp(ports, { institution, pendingId, body, ...ISSUED }, signal);
    },
    make: async (key, signal) => {
      const institution = institutionByKey(key);
      if (institution === undefined) return refused('unknown-service');
      const { serviceId } = institution;
      const pendingId = `${serviceId}:serial`;
      const asked = { institution, pendingId, body: { serviceId, device }, ...MADE };
      const first = await setUp(ports, asked, signal);
      // Keys that were kept for a token whose answer was lost, and which has ended since: others make another.
      if (first.kind === 'enrolled' || first.reason !== 'refused') return first;
      return (await forgetPending(pendingId)) ? setUp(ports, asked, signal) : first;
    },
  };
}

/** A way to set a token up: where it is asked for, and what is answered. */
interface Way {
  readonly path: string;
  readonly typ: string;
  readonly schema: ZodType<Enrolment & { readonly bindBy?: string }>;
}

const ISSUED: Way = { path: '/v1/enrolments', typ: JWT_TYPES.enrolment, schema: enrolmentSchema };
const MADE: Way = {
  path: '/v1/serial-enrolments',
  typ: JWT_TYPES.serialEnrolment,
  schema: serialEnrolmentSchema,
};

interface SetUp extends Way {
  readonly institution: PinnedInstitution;
  /** What the keys are kept under until there is a token. */
  readonly pendingId: string;
  readonly body: { readonly serviceId: string; readonly userId?: string; readonly device: Device };
}

async function setUp(ports: RequestPorts, asked: SetUp, signal: AbortSignal): Promise<EnrolOutcome> {
  const { clock, clockKeeper, randomBytes } = ports;
  const { institution, pendingId } = asked;
  try {
    // The proof has the service's time, so that a device with a wrong clock can enrol.
    const offset = await Promise.race([clockKeeper.measure(institution.key), calledOff(signal)]);
    if (offset === undefined) return refused('unreachable');
    const keys = await pendingKeys(pendingId, randomBytes);
    const timeMs = correctedTime(clock(), offset);
    const answer = await send(asked, keys, timeMs, randomBytes, signal);
    if ('reason' in answer) return refused(answer.reason);
    const opened = await openAnswer(asked, keys, answer.jws);
    if (opened === undefined) return refused('untrusted');
    await addToken(opened.token, opened.otpKey, keys.signing, pendingId, randomBytes);
    return { kind: 'enrolled', token: opened.token };
  } catch (error) {
    if (error instanceof VaultError) return refused('storage');
    throw error;
  }
}

/** Settles when the customer calls it off: the measurement is shared, and goes on. */
const calledOff = (signal: AbortSignal) =>
  new Promise<undefined>((over) => {
    if (signal.aborted) over(undefined);
    signal.addEventListener('abort', () => over(undefined), { once: true });
  });

const refused = (reason: EnrolRefusal): EnrolOutcome => ({ kind: 'refused', reason });

/**
 * Stores the keys before it sends them. After a lost answer the same keys ask again and get the answer again; of two pages that
 * ask at once both take those that were stored first, and get one token.
 */
function pendingKeys(id: string, randomBytes: RandomBytes): Promise<NewKeys> {
  return guarded(async () => {
    const earlier = await read(['pending'], ({ store }) => store.get(id));
    if (earlier) return openPendingKeys(id, earlier);
    await ensureKeyring(randomBytes);
    const { keys, kept } = await makeKeys(id, randomBytes);
    const first = await write(['pending'], async ({ store }) => {
      const other = await store.get(id);
      if (other === undefined) await store.put(kept, id);
      return other;
    });
    return first ? openPendingKeys(id, first) : keys;
  });
}

/** Lets keys go whose answer can no longer come; whether there were any. */
function forgetPending(id: string): Promise<boolean> {
  return guarded(() =>
    write(['pending'], async ({ store }) => {
      const there = (await store.get(id)) !== undefined;
      await store.delete(id);
      return there;
    }),
  ).catch(() => false);
}

type Answer = { readonly jws: string } | { readonly reason: EnrolRefusal };

async function send(
  { institution, path, body: asked }: SetUp,
  keys: NewKeys,
  timeMs: number,
  randomBytes: RandomBytes,
  signal: AbortSignal,
): Promise<Answer> {
  const body = {
    ...asked,
    signingKey: await publicJwk(keys.signing.publicKey),
    receivingKey: await publicJwk(keys.receiving.publicKey),
  };
  const request = { institution, keys: keys.signing, method: 'POST', path, body } as const;
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const reply = await sendProven(request, timeMs, randomBytes, inTime);
  if (reply.kind === 'refused') return { reason: reasonOf(reply.status) };
  const { data } = enrolResponseSchema.safeParse(reply.kind === 'answered' ? reply.answer : undefined);
  return data ? { jws: data.enrolment } : { reason: 'unreachable' };
}

function reasonOf(status: number): EnrolRefusal {
  if (status === 401) return 'clock';
  if (status === 429) return 'too-often';
  return status >= 500 ? 'unavailable' : 'refused';
}

/** Trusts an answer only if the pinned service signed it for this request and these keys. */
async function openAnswer(
  { institution, typ, schema, body }: SetUp,
  keys: NewKeys,
  jws: string,
): Promise<{ token: TokenSummary; otpKey: Uint8Array<ArrayBuffer> } | undefined> {
  const enrolment = await readSigned(institution, typ, jws, schema);
  const jkt = await calculateJwkThumbprint(await publicJwk(keys.signing.publicKey));
  if (enrolment === undefined || enrolment.jkt !== jkt) return undefined;
  const { serviceId, userId = enrolment.userId } = body;
  if (enrolment.serviceId !== serviceId || enrolment.userId !== userId) return undefined;
  const otpKey = await decrypt(enrolment.secret, keys.receiving.privateKey);
  if (otpKey?.length !== KEY_BYTES) return undefined;
  return { token: summaryOf(institution, enrolment), otpKey };
}

async function decrypt(jwe: string, key: CryptoKey): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const { plaintext } = await compactDecrypt(jwe, key, {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return new Uint8Array(plaintext);
  } catch {
    return undefined;
  }
}

function summaryOf(
  institution: PinnedInstitution,
  enrolment: Enrolment & { readonly bindBy?: string },
): TokenSummary {
  const { algorithm, digits, period, bindBy } = enrolment;
  return {
    id: enrolment.tokenId,
    institution: institution.key,
    institutionName: institution.name,
    suffix: '',
    serial: enrolment.serial,
    userId: enrolment.userId,
    parameters: { algorithm, digits, period },
    enrolledAt: Date.parse(enrolment.enrolledAt),
    expiresAt: Date.parse(enrolment.expiresAt),
    ...(bindBy !== undefined && { kind: 'serial', bindBy: Date.parse(bindBy) }),
  };
}
