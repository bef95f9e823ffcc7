import { compactVerify, decodeJwt, exportJWK, type JWK, SignJWT } from 'jose';
import { vi } from 'vitest';
import type { ApprovalStatus } from '../../../../core/api/approval.ts';
import { JWT_TYPES } from '../../../../core/api/token.ts';
import type { PinnedInstitution } from '../../../../core/institution/directory.ts';
import { FakeService, NOW } from './fake-service.ts';

/** One approval between two devices: a service that hands on what it gets, and what a test has it hand on instead. */
export class Relay {
  readonly institution: PinnedInstitution;
  readonly #keys: CryptoKeyPair;
  request = '';
  /** Thumbprint of the desktop, as the service says it. */
  jkt = '';
  status: ApprovalStatus = 'waiting';
  decision: string | undefined;
  /** Methods of the desktop's requests, and the questions that arrived. */
  readonly received: string[] = [];
  readonly requests: string[] = [];
  /** Decisions that arrived. */
  readonly decisions: string[] = [];
  /** Statuses answered instead, one a request. */
  readonly statuses: (number | { readonly status: number; readonly code: string })[] = [];
  /** `Retry-After` of such an answer. */
  retryAfter: string | undefined;
  /** Answers that get lost after they were acted on. */
  lost = 0;

  private constructor({ institution, keys }: FakeService) {
    this.institution = institution;
    this.#keys = keys;
  }

  static async start(): Promise<Relay> {
    const relay = new Relay(await FakeService.start());
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => relay.#answer(url, init));
    return relay;
  }

  async #answer(url: string, { method = 'GET', headers: sent, body }: RequestInit): Promise<Response> {
    this.received.push(method);
    const refusal = this.statuses.shift();
    const headers = this.retryAfter === undefined ? {} : { 'Retry-After': this.retryAfter };
    if (typeof refusal === 'number') return new Response('{}', { status: refusal, headers });
    if (refusal) return Response.json({ code: refusal.code }, { status: refusal.status });
    const { jti } = decodeJwt(new Headers(sent).get('DPoP') ?? '');
    const answer = await this.#does(method, new URL(url).pathname, String(body ?? ''), jti ?? '');
    if (this.lost === 0) return Response.json(answer);
    this.lost -= 1;
    throw new TypeError('network error');
  }

  async #does(method: string, path: string, body: string, proof: string): Promise<object> {
    const about = { proof, now: NOW };
    const expiresAt = new Date(NOW + 60_000).toISOString();
    if (method === 'GET' && path === '/v1/token/approvals') {
      const waits = this.request !== '' && this.status === 'waiting';
      const approvals = waits ? [{ request: this.request, jkt: this.jkt, expiresAt }] : [];
      return { approvals: await this.#sign(JWT_TYPES.approvals, { tokenId: 'first', ...about, approvals }) };
    }
    if (path.endsWith('/decision')) this.#decide(JSON.parse(body).decision);
    else if (method === 'POST') {
      this.request = JSON.parse(body).request;
      this.requests.push(this.request);
    }
    const { approval } = decodeJwt(this.request);
    const { status, decision } = this;
    const told = { approval, ...about, status, expiresAt, ...(method === 'GET' && decision && { decision }) };
    return { approval: await this.#sign(JWT_TYPES.approval, told) };
  }

  #decide(decision: string): void {
    this.decisions.push(decision);
    this.decision = decision;
    this.status = decodeJwt<{ decision: ApprovalStatus }>(decision).decision;
  }

  #sign(typ: string, claims: Record<string, unknown>): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ }).sign(this.#keys.privateKey);
  }
}

/** A device's two key pairs, with the public halves as they are exchanged. */
export async function deviceKeys() {
  const signing = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]);
  const receiving = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, [
    'deriveBits',
  ]);
  return { signing, receiving, signingKey: await jwkOf(signing), receivingKey: await jwkOf(receiving) };
}

async function jwkOf({ publicKey }: CryptoKeyPair) {
  const { x = '', y = '' } = await exportJWK(publicKey);
  return { kty: 'EC', crv: 'P-256', x, y } as const satisfies JWK;
}

/** Whether a message is signed by a key. */
export async function isBy(jws: string, key: CryptoKeyPair): Promise<boolean> {
  return compactVerify(jws, key.publicKey).then(
    () => true,
    () => false,
  );
}
