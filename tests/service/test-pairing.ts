import { createHash, randomBytes } from 'node:crypto';
import { calculateJwkThumbprint, decodeJwt } from 'jose';
import type { ClaimedPairing, Devices, Pairing } from '../../core/api/pairing.ts';
import type { Problem } from '../../core/api/problem.ts';
import { answered } from './answered.ts';
import { type Customer, from, ORIGIN, type TestService } from './test-service.ts';
import { createTestToken, type TestToken } from './test-token.ts';

/** 連携, as two devices written from docs/PROTOCOL.md would do it. */

export interface Answer<T> {
  readonly status: number;
  /** Of a problem document. */
  readonly code: Problem['code'] | undefined;
  readonly retryAfter: string | null;
  readonly said: T | undefined;
}

export interface Over {
  readonly node?: TestService['app'];
  readonly source?: string;
}

/** A desktop that has begun a pairing. */
export interface Desktop {
  readonly token: TestToken;
  readonly nonce: string;
  readonly code: string;
  readonly pairing: string;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export const newNonce = () => randomBytes(32).toString('base64url');

export const commitment = (nonce: string) =>
  createHash('sha256').update(Buffer.from(nonce, 'base64url')).digest('base64url');

export const DESKTOP = { form: 'extension', name: 'Chrome (Windows)' };

/**
 * A request with a device's proof; again with a new one where the service is too busy to answer. The answer's one member is
 * read as a signed message.
 */
export async function byDevice<T>(
  service: Pick<TestService, 'app' | 'clock'>,
  token: TestToken,
  request: readonly [Method, string],
  body?: object,
  over: Over = {},
): Promise<Answer<T>> {
  const [method, path] = request;
  const { node = service.app, source } = over;
  const url = `${ORIGIN}${path}`;
  const text = body === undefined ? '' : JSON.stringify(body);
  const [htu = ''] = url.split('?');
  const response = await answered(`${method} ${path}`, async () => {
    const proof = await token.proof({ method, url: htu, body: text, timeMs: service.clock.now() });
    const headers = { DPoP: proof, ...(text !== '' && { 'Content-Type': 'application/json' }) };
    return node.request(url, { method, headers, ...(text !== '' && { body: text }) }, from(source));
  });
  const answer = await response.text();
  const json = (answer === '' ? {} : JSON.parse(answer)) as Record<string, string> & Pick<Problem, 'code'>;
  const [jws] = response.ok ? Object.values(json) : [];
  return {
    status: response.status,
    code: json.code,
    retryAfter: response.headers.get('Retry-After'),
    said: jws === undefined ? undefined : (decodeJwt(jws) as T),
  };
}

export function pairings(service: Pick<TestService, 'app' | 'clock'>) {
  const ask = <T>(token: TestToken, request: readonly [Method, string], body?: object, over?: Over) =>
    byDevice<T>(service, token, request, body, over);

  const askToBegin = (token: TestToken, nonce: string, over?: Over & { readonly body?: object }) =>
    ask<Pairing>(
      token,
      ['POST', '/v1/pairings'],
      {
        signingKey: token.signingKey,
        receivingKey: token.receivingKey,
        commitment: commitment(nonce),
        device: DESKTOP,
        ...over?.body,
      },
      over,
    );

  async function begin(over?: Over): Promise<Desktop> {
    const [token, nonce] = [await createTestToken(), newNonce()];
    const { status, said } = await askToBegin(token, nonce, over);
    if (status !== 201 || !said?.code) throw new Error(`beginning answered ${status}`);
    return { token, nonce, code: said.code, pairing: said.pairing };
  }

  const claim = ({ token }: Pick<Customer, 'token'>, code: string, over?: Over) =>
    ask<ClaimedPairing>(token, ['POST', '/v1/token/pairings'], { code }, over);

  const answer = ({ token }: Pick<Customer, 'token'>, { pairing }: Desktop, nonce: string, over?: Over) =>
    ask<ClaimedPairing>(token, ['PUT', `/v1/token/pairings/${pairing}/nonce`], { nonce }, over);

  const reveal = ({ token, nonce }: Pick<Desktop, 'token' | 'nonce'>, over?: Over) =>
    ask<Pairing>(token, ['PUT', '/v1/pairing/nonce'], { nonce }, over);

  const look = ({ token }: Pick<Desktop, 'token'>, query = '', over?: Over) =>
    ask<Pairing>(token, ['GET', `/v1/pairing${query}`], undefined, over);

  const lookByPhone = ({ token }: Pick<Customer, 'token'>, { pairing }: Desktop, query = '', over?: Over) =>
    ask<ClaimedPairing>(token, ['GET', `/v1/token/pairings/${pairing}${query}`], undefined, over);

  const cancel = ({ token }: Pick<Desktop, 'token'>, over?: Over) =>
    ask<undefined>(token, ['DELETE', '/v1/pairing'], undefined, over);

  /** @param claims others than those that are right */
  async function decide(
    { token }: Pick<Customer, 'token'>,
    { token: desktop, pairing }: Pick<Desktop, 'token' | 'pairing'>,
    decision: 'paired' | 'refused',
    { claims = {}, by = token, ...over }: Over & { claims?: object; by?: TestToken } = {},
  ) {
    const signed = await by.sign('warifu-pairing-decision+jwt', {
      pairing,
      decision,
      device: desktop.jkt,
      receivingKey: await calculateJwkThumbprint(desktop.receivingKey),
      ...claims,
    });
    const path = `/v1/token/pairings/${pairing}/decision`;
    return ask<ClaimedPairing>(token, ['POST', path], { decision: signed }, over);
  }

  /** A desktop and a phone that both show the symbols. */
  async function toSymbols(phone: Pick<Customer, 'token'>): Promise<Desktop> {
    const desktop = await begin();
    await claim(phone, desktop.code);
    await answer(phone, desktop, newNonce());
    const { status } = await reveal(desktop);
    if (status !== 200) throw new Error(`revealing answered ${status}`);
    return desktop;
  }

  async function pair(phone: Pick<Customer, 'token'>): Promise<Desktop> {
    const desktop = await toSymbols(phone);
    const { status } = await decide(phone, desktop, 'paired');
    if (status !== 200) throw new Error(`pairing answered ${status}`);
    return desktop;
  }

  const devices = ({ token }: Pick<Customer, 'token'>, over?: Over) =>
    ask<Devices>(token, ['GET', '/v1/token/devices'], undefined, over);

  const remove = ({ token }: Pick<Customer, 'token'>, id: string, over?: Over) =>
    ask<Devices>(token, ['DELETE', `/v1/token/devices/${id}`], undefined, over);

  return {
    ask,
    askToBegin,
    begin,
    claim,
    answer,
    reveal,
    look,
    lookByPhone,
    cancel,
    decide,
    toSymbols,
    pair,
    devices,
    remove,
  };
}
