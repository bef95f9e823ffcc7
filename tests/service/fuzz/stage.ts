import { randomUUID } from 'node:crypto';
import type { Rates } from '../../../server/limits.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { openServiceMemory } from '../memory.ts';
import { confirmations } from '../test-confirmation.ts';
import { type Customer, createTestService, ORIGIN, type TestService } from '../test-service.ts';
import { createTestToken, type TestToken } from '../test-token.ts';
import type { FuzzedRequest } from './requests.ts';

/** Without limits, so that requests reach what lies behind them. */
const NONE = { atOnce: 1, everyMs: 0 };
const NO_LIMITS: Rates = {
  institution: NONE,
  staff: NONE,
  imports: NONE,
  token: NONE,
  wrongCodes: NONE,
  key: NONE,
  time: NONE,
  unknownKeys: NONE,
  enrolments: NONE,
  serials: NONE,
  pairings: NONE,
  pairingCodes: NONE,
  pairingCodesOfSource: NONE,
  laterTries: NONE,
  triesOf: () => ({ all: NONE, ofSource: NONE }),
  refusedFills: NONE,
  pushSubscriptions: NONE,
};

/** After so many requests a token has been locked and its confirmation is over; the next ones are for another. */
const REQUESTS_A_CUSTOMER = 100;

/** The service with customers in every state, and whoever sends requests to it. */
export async function openStage() {
  const database: OpenDatabase = await openServiceMemory();
  const service = await createTestService(database, { confirmation: 'code', rates: NO_LIMITS });
  const stranger = await createTestToken();
  let cast = await newCast(service);
  let requests = 0;

  /** @returns undefined where no HTTP client could send such a request */
  async function send(fuzzed: FuzzedRequest): Promise<Response | undefined> {
    requests += 1;
    if (requests % REQUESTS_A_CUSTOMER === 0) cast = await newCast(service);
    const request = await requestOf(fuzzed, cast, service, stranger);
    return request && service.app.request(request);
  }

  return { send, close: database.close };
}

interface Cast {
  readonly customers: readonly { readonly userId: string; readonly token: TestToken }[];
  readonly confirmation: string;
  readonly decision: string;
}

async function newCast(service: TestService): Promise<Cast> {
  const customer: Customer = await service.active();
  const { ask, shown } = confirmations(service);
  const { id } = await ask(customer);
  const [drawn] = await shown(customer);
  const decision = await customer.token.decide({
    confirmation: id,
    decision: 'confirmed',
    details: drawn?.details ?? '',
  });
  const issued = { userId: (await service.issue()).userId, token: await createTestToken() };
  return { customers: [customer, customer, issued, await service.enrol()], confirmation: id, decision };
}

async function requestOf(
  { method, path, headers, body, by }: FuzzedRequest,
  { customers, confirmation, decision }: Cast,
  { apiKey, staffKey, clock }: TestService,
  stranger: TestToken,
): Promise<Request | undefined> {
  const { userId, token } = customers[(path.length + (body?.length ?? 0)) % customers.length] ?? {
    userId: '',
    token: stranger,
  };
  const named = path.replace('{user}', userId).replace('{confirmation}', confirmation);
  const url = `${ORIGIN}${named}`;
  const timeMs = clock.now();
  const filled = await filledBody(body, {
    '{user}': userId,
    '{decision}': decision,
    '{proof}': () => token.proof({ method: 'POST', url: `${ORIGIN}/v1/events`, timeMs }),
  });
  try {
    const all = new Headers();
    if (by === 'bank') all.set('Authorization', `Bearer ${apiKey}`);
    if (by === 'staff') all.set('Authorization', `Bearer ${staffKey}`);
    if (method === 'POST' || method === 'PUT') {
      all.set('Content-Type', 'application/json');
      if (by === 'bank' || by === 'staff') all.set('Idempotency-Key', randomUUID());
    }
    if (by === 'token' || by === 'stranger') {
      const signer = by === 'token' ? token : stranger;
      const signed = new URL(url);
      const proven = method === 'GET' ? '' : new TextDecoder().decode(filled);
      const proof = { method, url: `${ORIGIN}${signed.pathname}`, body: proven, timeMs };
      all.set('DPoP', await signer.proof(proof));
    }
    // The first of a name is instead of the good one, the next beside it.
    const seen = new Set<string>();
    for (const [name, value] of headers) {
      if (seen.has(name)) all.append(name, value);
      else all.set(name, value);
      seen.add(name);
    }
    const withBody = filled !== undefined && method !== 'GET' && method !== 'HEAD';
    return new Request(url, { method, headers: all, ...(withBody && { body: filled }) });
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

async function filledBody(
  body: Uint8Array<ArrayBuffer> | undefined,
  values: Readonly<Record<string, string | (() => Promise<string>)>>,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (body === undefined) return undefined;
  let text = Buffer.from(body).toString('latin1');
  for (const [name, value] of Object.entries(values)) {
    if (!text.includes(name)) continue;
    const filling = typeof value === 'string' ? value : await value();
    text = text.replace(name, () => filling);
  }
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

/** Whether an answer is one the protocol has; the service's own errors are not, an outage is. */
export async function isDocumented(response: Response, path: string): Promise<boolean> {
  if (response.status === 503) return true;
  if (response.status >= 500) return false;
  if (response.status < 400 || !path.startsWith('/v1/')) {
    await response.body?.cancel();
    return true;
  }
  if (response.headers.get('Content-Type') !== 'application/problem+json') return false;
  const text = await response.text();
  return text === '' || JSON.parse(text).status === response.status;
}
