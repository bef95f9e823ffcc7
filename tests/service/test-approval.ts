import { createHash, randomBytes } from 'node:crypto';
import { CompactEncrypt, importJWK } from 'jose';
import type { Approval, ApprovalList } from '../../core/api/approval.ts';
import { byDevice, type Desktop, type Over } from './test-pairing.ts';
import type { Customer, TestService } from './test-service.ts';
import type { TestToken } from './test-token.ts';

/** 承認 of codes, as two devices written from docs/PROTOCOL.md would do it. */

type Phone = Pick<Customer, 'token' | 'tokenId'>;

/** A question that a desktop has asked. */
export interface Question {
  readonly id: string;
  readonly request: string;
  readonly desktop: TestToken;
}

export const newId = () => randomBytes(16).toString('base64url');
const digest = (text: string) => createHash('sha256').update(text).digest('base64url');

export function approvals(service: Pick<TestService, 'app' | 'clock'>) {
  const path = (rest = '') => `/v1/token/approvals${rest}`;

  /** @param claims others than those of a login at senpoku */
  async function sign(
    { token }: Pick<Desktop, 'token'>,
    { tokenId }: Pick<Phone, 'tokenId'>,
    claims: object = {},
    by: TestToken = token,
  ): Promise<Question> {
    const id = newId();
    const request = await by.sign('warifu-approval-request+jwt', {
      approval: id,
      tokenId,
      origin: 'http://senpoku.localhost:4601',
      screen: 'BLI023',
      number: '42',
      iat: Math.floor(service.clock.now() / 1000),
      ...claims,
    });
    return { id, request, desktop: token };
  }

  const send = ({ desktop, request }: Question, over?: Over) =>
    byDevice<Approval>(service, desktop, ['POST', path()], { request }, over);

  async function ask(desktop: Pick<Desktop, 'token'>, phone: Pick<Phone, 'tokenId'>): Promise<Question> {
    const question = await sign(desktop, phone);
    const { status } = await send(question);
    if (status !== 201) throw new Error(`asking answered ${status}`);
    return question;
  }

  const list = ({ token }: Pick<Phone, 'token'>, over?: Over) =>
    byDevice<ApprovalList>(service, token, ['GET', path()], undefined, over);

  const look = ({ desktop, id }: Question, query = '', over?: Over) =>
    byDevice<Approval>(service, desktop, ['GET', path(`/${id}${query}`)], undefined, over);

  const withdraw = ({ desktop, id }: Question, over?: Over) =>
    byDevice<Approval>(service, desktop, ['DELETE', path(`/${id}`)], undefined, over);

  async function signDecision(
    { token }: Pick<Phone, 'token'>,
    { id, request, desktop }: Question,
    decision: string,
    { code = '12345678', claims = {} }: { code?: string; claims?: object } = {},
  ): Promise<string> {
    const encrypted =
      decision === 'approved' &&
      (await new CompactEncrypt(new TextEncoder().encode(code))
        .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
        .encrypt(await importJWK({ ...desktop.receivingKey }, 'ECDH-ES')));
    return token.sign('warifu-approval+jwt', {
      approval: id,
      request: digest(request),
      decision,
      ...(encrypted && { code: encrypted }),
      ...claims,
    });
  }

  const sendDecision = (
    { token }: Pick<Phone, 'token'>,
    { id }: Pick<Question, 'id'>,
    decision: string,
    over?: Over,
  ) => byDevice<Approval>(service, token, ['POST', path(`/${id}/decision`)], { decision }, over);

  const decide = async (
    phone: Pick<Phone, 'token'>,
    question: Question,
    decision: string,
    { over, ...others }: { code?: string; claims?: object; over?: Over } = {},
  ) => sendDecision(phone, question, await signDecision(phone, question, decision, others), over);

  return { sign, send, ask, list, look, withdraw, signDecision, sendDecision, decide };
}
