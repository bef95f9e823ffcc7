import type { Token } from '../../core/api/bank.ts';
import type { BankDependencies } from '../context.ts';
import type { Customer } from '../store/customers.ts';
import type { BankContext } from '../web/render.ts';
import { changeSession } from '../web/session.ts';
import type { Completion } from '../web/session-data.ts';
import type { Outcome } from '../web/submission.ts';
import { noteEnd } from './ends.ts';
import { isDone, noteApplication, tellOfApplication } from './left-applications.ts';
import { type Proof, presentCode, presentSignature } from './present.ts';
import { refusalOf } from './refusals.ts';
import { currentState } from './state.ts';

/** 利用開始, 利用解除 or 有効期限の更新: an application that needs the token. */
export interface TokenApplication {
  readonly use: 'activate' | 'release' | 'renew';
  readonly complete: string;
  /** What the completion page is rendered from. */
  readonly completion: (token: Token) => Completion;
}

interface Presented {
  readonly customer: Customer;
  readonly submission: string;
  /** Whether the form was sent before, and its answer may have been lost. */
  readonly again: boolean;
  readonly proof: Proof;
}

/**
 * Presents what proves the token; if it is accepted, writes the mail and the data of the completion page. After a lost answer it
 * asks for the state at once; where that is lost too, a chore does later.
 */
export async function presentApplication(
  c: BankContext,
  dependencies: BankDependencies,
  application: TokenApplication,
  presented: Presented,
): Promise<Outcome> {
  const outcome = await presentOnce(c, dependencies, application, presented);
  if (outcome.kind !== 'unavailable' || !outcome.unknown) return outcome;
  return presentOnce(c, dependencies, application, { ...presented, again: true });
}

async function presentOnce(
  c: BankContext,
  dependencies: BankDependencies,
  application: TokenApplication,
  { customer, submission, again, proof }: Presented,
): Promise<Outcome> {
  const { institution } = c.get('site');
  const { use } = application;
  const now = dependencies.clock();
  const before = await currentState(dependencies, institution, customer);
  if (before === undefined) return again ? UNKNOWN : { kind: 'unavailable' };
  if (again && 'token' in before && isDone(use, before, institution, now)) {
    return finish(c, dependencies, application, { customer, token: before.token });
  }
  const refusal = refusalOf(use, before, institution, now);
  if (refusal !== undefined || !('token' in before)) return { kind: 'blocked', notice: refusal ?? '' };
  const removeNote = await noteApplication(dependencies, institution, { customer, use });
  const presented =
    proof.kind === 'code'
      ? await presentCode(dependencies, institution, customer, { use, submission, code: proof.code })
      : await presentSignature(dependencies, institution, customer, proof.challenge);
  if (presented.kind === 'accepted') {
    return finish(c, dependencies, application, { customer, token: presented.token });
  }
  if (presented.kind === 'unavailable') return UNKNOWN;
  await removeNote();
  return presented.kind === 'conflict' ? conflict(c, dependencies, application, customer) : presented;
}

/** It was sent, and the answer was lost. */
const UNKNOWN: Outcome = { kind: 'unavailable', unknown: true };

/** The state changed meanwhile: says what it is now. */
async function conflict(
  c: BankContext,
  dependencies: BankDependencies,
  { use }: TokenApplication,
  customer: Customer,
): Promise<Outcome> {
  const { institution } = c.get('site');
  const state = await currentState(dependencies, institution, customer);
  if (state === undefined) return { kind: 'unavailable' };
  const refusal = refusalOf(use, state, institution, dependencies.clock());
  return refusal === undefined ? { kind: 'unavailable' } : { kind: 'blocked', notice: refusal };
}

async function finish(
  c: BankContext,
  dependencies: BankDependencies,
  { use, complete, completion }: TokenApplication,
  { customer, token }: { readonly customer: Customer; readonly token: Token },
): Promise<Outcome> {
  const { institution } = c.get('site');
  const { clock, logger } = dependencies;
  await tellOfApplication(dependencies, institution, { customer, use, token, at: clock() });
  await noteEnd(dependencies, customer, { kind: token.status, token });
  await changeSession(dependencies, c.get('visitor').id, async (data) => ({
    data: { ...data, completion: completion(token) },
    result: undefined,
  }));
  logger.info({ institution: institution.key, customer: customer.id, event: use }, 'accepted application');
  return { kind: 'done', to: complete };
}
