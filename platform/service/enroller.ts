import { calculateJwkThumbprint, compactDecrypt } from 'jose';
import type { Device } from '../../core/api/bank.ts';
import { type Enrolment, enrolmentSchema, enrolResponseSchema, JWT_TYPES } from '../../core/api/token.ts';
import type { Clock } from '../../core/clock.ts';
import type { PinnedInstitution } from '../../core/institution/directory.ts';
import { KEY_BYTES } from '../../core/otp/key.ts';
import type { ClockKeeper } from '../../core/vault/clock.ts';
import { correctedTime } from '../../core/vault/clock.ts';
import type { EnrolInput, Enroller, EnrolOutcome, EnrolRefusal } from '../../core/vault/enroller.ts';
import { VaultError } from '../../core/vault/errors.ts';
import type { RandomBytes } from '../../core/vault/seal.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { institutionByServiceId } from '../directory.ts';
import { makeKeys, type NewKeys, openPendingKeys } from '../storage/key-pairs.ts';
import { ensureKeyring } from '../storage/new-keyring.ts';
import { read } from '../storage/read.ts';
import { guarded } from '../storage/storage-errors.ts';
import { addToken } from '../storage/vault.ts';
import { write } from '../storage/write.ts';
import { readSigned } from './messages.ts';
import { publicJwk } from './proof.ts';
import { sendProven } from './token-request.ts';

const TIMEOUT_MS = 15_000;

/** 初期設定 against the institution's service (docs/PROTOCOL.md, Enrolment). */
export function createEnroller(
  clock: Clock,
  clockKeeper: ClockKeeper,
  randomBytes: RandomBytes,
  device: Device,
): Enroller {
  return {
    enrol: async (input, signal) => {
      const institution = institutionByServiceId(input.serviceId);
      if (institution === undefined) return refused('unknown-service');
      try {
        // The proof carries the service's time: a device whose clock is off must be able to enrol.
        const offset = await clockKeeper.measure(institution.key);
        if (offset === undefined) return refused('unreachable');
        const pendingId = `${input.serviceId}:${input.userId}`;
        const keys = await pendingKeys(pendingId, randomBytes);
        const timeMs = correctedTime(clock(), offset);
        const answer = await send(institution, { ...input, device }, keys, timeMs, randomBytes, signal);
        if ('reason' in answer) return refused(answer.reason);
        const opened = await openAnswer(institution, input, keys, answer.jws);
        if (opened === undefined) return refused('untrusted');
        await addToken(opened.token, opened.otpKey, keys.signing, pendingId, randomBytes);
        return { kind: 'enrolled', token: opened.token };
      } catch (error) {
        if (error instanceof VaultError) return refused('storage');
        throw error;
      }
    },
  };
}

const refused = (reason: EnrolRefusal): EnrolOutcome => ({ kind: 'refused', reason });

/** Keys are kept before they are sent: when the answer is lost, the same keys ask again and are answered again. */
function pendingKeys(id: string, randomBytes: RandomBytes): Promise<NewKeys> {
  return guarded(async () => {
    const earlier = await read(['pending'], ({ store }) => store.get(id));
    if (earlier) return openPendingKeys(id, earlier);
    await ensureKeyring(randomBytes);
    const { keys, kept } = await makeKeys(id, randomBytes);
    await write(['pending'], ({ store }) => store.put(kept, id));
    return keys;
  });
}

type Answer = { readonly jws: string } | { readonly reason: EnrolRefusal };

async function send(
  institution: PinnedInstitution,
  input: EnrolInput & { readonly device: Device },
  keys: NewKeys,
  timeMs: number,
  randomBytes: RandomBytes,
  signal: AbortSignal,
): Promise<Answer> {
  const body = {
    ...input,
    signingKey: await publicJwk(keys.signing.publicKey),
    receivingKey: await publicJwk(keys.receiving.publicKey),
  };
  const request = {
    institution,
    keys: keys.signing,
    method: 'POST',
    path: '/v1/enrolments',
    body,
  } as const;
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

/** Trusts an answer only if the pinned service signed it, for this request and these keys. */
async function openAnswer(
  institution: PinnedInstitution,
  input: EnrolInput,
  keys: NewKeys,
  jws: string,
): Promise<{ token: TokenSummary; otpKey: Uint8Array<ArrayBuffer> } | undefined> {
  const enrolment = await readSigned(institution, JWT_TYPES.enrolment, jws, enrolmentSchema);
  const jkt = await calculateJwkThumbprint(await publicJwk(keys.signing.publicKey));
  if (enrolment === undefined || enrolment.jkt !== jkt) return undefined;
  if (enrolment.serviceId !== input.serviceId || enrolment.userId !== input.userId) return undefined;
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

function summaryOf(institution: PinnedInstitution, enrolment: Enrolment): TokenSummary {
  const { algorithm, digits, period } = enrolment;
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
  };
}
