import { hkdfSync } from 'node:crypto';
import { decodeJwt } from 'jose';
import type { Confirmation, DecisionKind } from '../../core/api/confirmation.ts';
import { confirmationCode } from '../../core/transaction/code.ts';
import type { Transaction, Transfer } from '../../core/transaction/types.ts';
import { answered } from './answered.ts';
import { type Customer, ORIGIN, type TestService } from './test-service.ts';

export const TRANSFER: Transfer = {
  type: 'transfer',
  bank: { code: '9911', name: '見本銀行' },
  branch: { code: '001', name: '本店営業部' },
  accountType: 'ordinary',
  accountNumber: '1234567',
  payee: 'ミホン タロウ',
  amount: 150_000,
};

/** What a customer's token is shown. */
export interface Shown {
  readonly details: string;
  readonly status: string;
  readonly mode: string;
}

/** What a decision says beside its details. */
interface Proven {
  readonly origin?: string | null;
  readonly factors?: readonly string[];
}

/** How the service is reached. */
export interface Reached {
  readonly bank: TestService['bank'];
  readonly app: Pick<TestService['app'], 'request'>;
  readonly clock: Pick<TestService['clock'], 'now'>;
}

/**
 * The confirmation of transactions, as a bank and a token written from docs/PROTOCOL.md would do it: what a service is too
 * busy to answer they send again.
 */
export function confirmations(service: Reached) {
  const path = ({ userId }: { userId: string }, rest = '') => `/v1/tokens/${userId}/confirmations${rest}`;

  async function ask(customer: Customer, transaction: Transaction = TRANSFER): Promise<Confirmation> {
    const response = await service.bank('POST', path(customer), { transaction });
    if (response.status !== 201) throw new Error(`answered ${response.status}: ${await response.text()}`);
    return response.json() as Promise<Confirmation>;
  }

  async function show(customer: Customer, { id }: { id: string }, query = ''): Promise<Confirmation> {
    return (await service.bank('GET', path(customer, `/${id}${query}`))).json() as Promise<Confirmation>;
  }

  async function byToken(
    customer: Customer,
    method: 'GET' | 'POST',
    to: string,
    body?: unknown,
  ): Promise<Response> {
    const url = `${ORIGIN}/v1/token/confirmations${to}`;
    const text = body === undefined ? '' : JSON.stringify(body);
    return answered(`${method} ${url}`, async () => {
      const proof = await customer.token.proof({ method, url, body: text, timeMs: service.clock.now() });
      return service.app.request(url, {
        method,
        headers: { DPoP: proof, ...(text !== '' && { 'Content-Type': 'application/json' }) },
        ...(text !== '' && { body: text }),
      });
    });
  }

  async function shown(customer: Customer): Promise<Shown[]> {
    const answer = (await (await byToken(customer, 'GET', '')).json()) as { confirmations: string };
    return decodeJwt<{ confirmations: Shown[] }>(answer.confirmations).confirmations;
  }

  async function decideOn(
    customer: Customer,
    id: string,
    decision: DecisionKind,
    details?: string,
    proven: Proven = {},
  ) {
    const drawn = details ?? (await shown(customer)).find((one) => one.details.includes(id))?.details ?? '';
    const signed = await customer.token.decide({ confirmation: id, decision, details: drawn, ...proven });
    return byToken(customer, 'POST', `/${id}/decision`, { decision: signed });
  }

  async function decide(customer: Customer, { id }: { id: string }, decision: DecisionKind): Promise<void> {
    const response = await decideOn(customer, id, decision);
    if (response.status !== 200) throw new Error(`answered ${response.status}: ${await response.text()}`);
  }

  async function verify(
    customer: Customer,
    { id }: { id: string },
    { transaction = TRANSFER, code }: { transaction?: Transaction; code?: string } = {},
    headers?: Record<string, string>,
  ): Promise<{ accepted: boolean; confirmation: Confirmation }> {
    const body = { transaction, ...(code !== undefined && { code }) };
    const response = await service.bank('POST', path(customer, `/${id}/verify`), body, headers);
    if (response.status !== 200) throw new Error(`answered ${response.status}: ${await response.text()}`);
    return response.json() as Promise<{ accepted: boolean; confirmation: Confirmation }>;
  }

  /** The code a customer's token makes of what it was shown. */
  async function codeFor(customer: Customer, details: string): Promise<string> {
    const info = 'warifu confirmation code v1';
    const bytes = new Uint8Array(hkdfSync('sha256', customer.key, '', info, 32));
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign']);
    return confirmationCode(key, details);
  }

  return { path, ask, show, byToken, shown, decide, decideOn, verify, codeFor };
}
