import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { CodeResponse, Device, Token } from '../../core/api/bank.ts';
import type { ConfirmationMode } from '../../core/api/confirmation.ts';
import type { Clock } from '../../core/clock.ts';
import type { Institution } from '../../core/institution/directory.ts';
import { DEFAULT_POLICY } from '../../core/institution/policy.ts';
import { codeAt, importKey, type OtpParameters, remainingMs } from '../../core/otp/totp.ts';
import { sha256 } from '../../host/compare.ts';
import { loadDirectory } from '../../host/directory.ts';
import { systemRandomBytes } from '../../host/random.ts';
import { readSettings } from '../../host/settings.ts';
import { unsafeTestClock } from '../../host/unsafe-test-clock.ts';
import { createService } from '../../server/app.ts';
import type { ServiceDependencies } from '../../server/context.ts';
import { loadApiKey, loadPushKey } from '../../server/keys.ts';
import { loadMasterKey } from '../../server/master-key.ts';
import { loadSigningKey } from '../../server/signing-key.ts';
import { insertApiKey } from '../../server/store/access.ts';
import type { OpenDatabase } from '../../server/store/database.ts';
import type { ApiKeyKind } from '../../server/store/schema.ts';
import { answered } from './answered.ts';
import { createTestToken, type TestToken } from './test-token.ts';

export const ORIGIN = 'http://token.localhost:4600';
export const ANSER = { algorithm: 'SHA-256', digits: 8, period: 60 } as const;

const ACTIVATION_PASSWORD = '24680135';

/** An enrolled token with the key it was given. */
export interface Customer {
  readonly userId: string;
  readonly token: TestToken;
  readonly key: Uint8Array<ArrayBuffer>;
  readonly tokenId: string;
  /** As the service told the token at 初期設定. */
  readonly parameters: OtpParameters;
  /** The code of a step counted from now: 0 is the present one. */
  code(stepsFromNow?: number): Promise<string>;
}

export type TestService = Awaited<ReturnType<typeof createTestService>>;

interface TestServiceOptions extends Pick<ServiceDependencies, 'rates' | 'trustedProxies'> {
  /** Port of the tests' push service. Without it no push service can be subscribed to. */
  readonly pushPort?: number;
  readonly confirmation?: ConfirmationMode;
  /** Institutions that the service serves; by default those of the default directory. */
  readonly institutions?: readonly Institution[];
  /** Keys of a service that ran on the same database before. */
  readonly folder?: string;
}

/** The real service over a real database, with a clock that can be moved and its log kept. */
export async function createTestService(
  { db, wakes }: Pick<OpenDatabase, 'db' | 'wakes'>,
  {
    confirmation = 'approve',
    institutions = defaultInstitutions(confirmation),
    folder = mkdtempSync(join(tmpdir(), 'warifu-keys-')),
    rates,
    trustedProxies,
    pushPort,
  }: TestServiceOptions = {},
) {
  const clock = unsafeTestClock();
  const companionFolder = mkdtempSync(join(tmpdir(), 'warifu-companion-'));
  const log: string[] = [];
  const dependencies: ServiceDependencies = {
    db,
    wakes,
    rates,
    trustedProxies,
    capacity: { streams: 100, waiters: 100 },
    stopping: new AbortController().signal,
    directory: { institutions: [...institutions] },
    masterKey: await loadMasterKey(readSettings({ WARIFU_DATA: folder })),
    signingKey: await loadSigningKey(readSettings({ WARIFU_DATA: folder })),
    push: {
      key: await loadPushKey(folder, undefined),
      services: { hosts: ['push.example.jp', '*.notify.example.jp'], unsafeTestPort: pushPort },
    },
    companionFolder,
    clock: clock.now,
    randomBytes: systemRandomBytes,
    logger: pino({}, { write: (line: string) => log.push(line) }),
  };
  const app = createService(dependencies);
  /** The key of an institution, which the service knows from then on. */
  const keyOf = async (kind: ApiKeyKind, institution = 'senpoku') => {
    const key = loadApiKey(folder, kind, institution);
    await insertApiKey(db, sha256(key), { institution, kind }, new Date(clock.now()));
    return key;
  };
  const apiKey = await keyOf('bank');
  const staffKey = await keyOf('staff');

  /**
   * A bank's request; writes get a fresh idempotency key unless one is given. What the service is too busy to answer is sent
   * again, as the same request.
   */
  async function bank(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const same = {
      Authorization: `Bearer ${apiKey}`,
      ...(method === 'POST' && { 'Idempotency-Key': randomUUID() }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    };
    const request = { method, headers: same, ...(body !== undefined && { body: JSON.stringify(body) }) };
    return answered(`${method} ${path}`, async () => app.request(`${ORIGIN}${path}`, request));
  }

  /** A request of the institution's staff. */
  const staff: typeof bank = (method, path, body, headers) =>
    bank(method, path, body, { Authorization: `Bearer ${staffKey}`, ...headers });

  async function issue(activationPassword = ACTIVATION_PASSWORD): Promise<Token> {
    return (await bank('POST', '/v1/tokens', { activationPassword })).json() as Promise<Token>;
  }

  /** Asks again, with a new proof, where the service is too busy to answer; a proof that is given is sent once. */
  async function enrolRequest(
    token: TestToken,
    values: { serviceId?: string; userId: string; activationPassword?: string; device?: Device },
    over: { proof?: string; source?: string; node?: typeof app } = {},
  ): Promise<Response> {
    const { proof, source, node = app } = over;
    const url = `${ORIGIN}/v1/enrolments`;
    const { signingKey, receivingKey } = token;
    const body = JSON.stringify({
      serviceId: '10112235',
      activationPassword: ACTIVATION_PASSWORD,
      ...values,
      signingKey,
      receivingKey,
    });
    const send = async () => {
      const signed = proof ?? (await token.proof({ method: 'POST', url, body, timeMs: clock.now() }));
      const headers = { 'Content-Type': 'application/json', DPoP: signed };
      return node.request(url, { method: 'POST', headers, body }, from(source));
    };
    return proof === undefined ? answered('POST /v1/enrolments', send) : send();
  }

  async function enrol(): Promise<Customer> {
    const { userId } = await issue();
    const token = await createTestToken();
    const response = await enrolRequest(token, { userId });
    if (response.status !== 201) throw new Error(`enrolment answered ${response.status}`);
    const { enrolment } = (await response.json()) as { enrolment: string };
    return customerOf(token, userId, enrolment, clock.now);
  }

  async function present(
    use: 'activate' | 'verify' | 'release',
    { userId }: { userId: string },
    code: string,
    headers?: Record<string, string>,
  ): Promise<CodeResponse> {
    const response = await bank('POST', `/v1/tokens/${userId}/${use}`, { code }, headers);
    if (response.status !== 200)
      throw new Error(`${use} answered ${response.status}: ${await response.text()}`);
    return response.json() as Promise<CodeResponse>;
  }

  /**
   * A customer whose token is in use; its clock stands at a step not spent yet. One after the other: each moves the
   * clock of all.
   */
  async function active(): Promise<Customer> {
    const customer = await enrol();
    const { accepted } = await present('activate', customer, await customer.code());
    if (!accepted) throw new Error('activation was refused');
    nextStep();
    return customer;
  }

  // At the start of a step, so that none ends while a test goes on.
  let offset = remainingMs(clock.now(), ANSER);
  clock.move(offset);
  const nextStep = (steps = 1) => {
    offset += steps * 60_000;
    clock.move(offset);
  };

  return {
    app,
    dependencies,
    db,
    clock,
    log,
    apiKey,
    staffKey,
    keyOf,
    folder,
    bank,
    companionFolder,
    staff,
    issue,
    enrolRequest,
    enrol,
    present,
    active,
    nextStep,
  };
}

/** The customer who has the token of an enrolment. */
export async function customerOf(
  token: TestToken,
  userId: string,
  enrolment: string,
  now: Clock,
): Promise<Customer> {
  const { key, tokenId, algorithm, digits, period } = await token.openSecret(enrolment);
  const parameters = { algorithm, digits, period };
  const otpKey = await importKey(key, parameters);
  const code = (steps = 0) => codeAt(otpKey, parameters, now() + steps * period * 1000);
  return { userId, token, key, tokenId, parameters, code };
}

/** The default directory's institutions, with one mode of confirming. */
export const defaultInstitutions = (confirmation: ConfirmationMode): Institution[] =>
  loadDirectory(undefined, 4600).institutions.map((one) => ({ ...one, confirmation }));

/** The connection a request came over, as the HTTP server tells of it; none where no address is given. */
export const from = (remoteAddress: string | undefined) =>
  remoteAddress === undefined ? {} : { incoming: { socket: { remoteAddress } } };

const { windowSteps, driftSteps, lateSteps } = DEFAULT_POLICY;

/** Steps either way of the present one, beyond which no code counts as anything but wrong. */
const REACH = windowSteps + driftSteps + lateSteps;

/** A code that is right for no step around now, nor for one that it could be late from. */
export async function wrongCode({ code }: Pick<Customer, 'code'>): Promise<string> {
  const steps = Array.from({ length: 2 * REACH + 1 }, (_, place) => place - REACH);
  const near = await Promise.all(steps.map((step) => code(step)));
  for (let candidate = 0; ; candidate += 1) {
    const wrong = String(candidate).padStart(near[0]?.length ?? 0, '0');
    if (!near.includes(wrong)) return wrong;
  }
}
