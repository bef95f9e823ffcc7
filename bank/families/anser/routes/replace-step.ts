import type { Token } from '../../../../core/api/bank.ts';
import type { Institution } from '../../../../core/institution/directory.ts';
import { loginWaysOf } from '../../../../core/institution/login.ts';
import type { NewDevice } from '../../../../core/transaction/types.ts';
import type { BankDependencies } from '../../../context.ts';
import { type Customer, findCustomer } from '../../../store/customers.ts';
import { refusalOf } from '../../../token/refusals.ts';
import { currentState, knownToken } from '../../../token/state.ts';
import { openSession } from '../../../web/guard.ts';
import { type BankContext, showError } from '../../../web/render.ts';
import { showOtpMenu } from './otp-menu.ts';

export const CHANGED_MEANWHILE =
  'お手続きの状況が変わったため、お手続きを続けられません。登録状況をご確認のうえ、もう一度操作してください。';

const STOPPED =
  '新しい端末のトークンが停止しているため、お手続きを続けられません。「申込を中止する」を押し、はじめからお手続きください。';

const CANNOT_LOG_IN =
  '新しい端末のトークンは、ブラウザーの拡張機能のトークンではなく、ログインの確認ができないため、お手続きを続けられません。「申込を中止する」を押し、拡張機能のトークンで、はじめからお手続きください。';

/** A customer whose token is in use, and the token that will replace it, if there is one. */
export interface Step {
  readonly customer: Customer;
  readonly old: Token;
  readonly fresh: Token | undefined;
}

export type Found = Step | { readonly refusal: string } | undefined;

/** @returns the reason if no replacement is possible; undefined if the token service does not answer */
export async function findStep(c: BankContext, dependencies: BankDependencies): Promise<Found> {
  const { institution } = c.get('site');
  const customer = await findCustomer(dependencies.db, openSession(c).customerId);
  const state = await currentState(dependencies, institution, customer);
  if (state === undefined) return undefined;
  const refusal = refusalOf('replace', state, institution, dependencies.clock());
  if (refusal !== undefined || !('token' in state)) return { refusal: refusal ?? CHANGED_MEANWHILE };
  const { replacement } = state.token;
  if (replacement === undefined) return { customer, old: state.token, fresh: undefined };
  const known = await knownToken(dependencies, institution, replacement);
  if (known === undefined) return undefined;
  const fresh = known.token.takingOver === undefined ? undefined : known.token;
  return { customer, old: state.token, fresh };
}

/** Calls `next` if a replacement is possible; otherwise says why not. */
export async function withStep(
  c: BankContext,
  dependencies: BankDependencies,
  next: (step: Step) => Response | Promise<Response>,
): Promise<Response> {
  const found = await findStep(c, dependencies);
  if (found === undefined) return showError(c, dependencies, 503);
  return 'refusal' in found ? showOtpMenu(c, dependencies, found.refusal) : next(found);
}

/** What the old token is asked about the new device; undefined before 初期設定 of that device. */
export function deviceOf({ serial, enrolledAt, takingOver }: Token): NewDevice | undefined {
  const device = takingOver?.device;
  if (serial === undefined || enrolledAt === undefined || device === undefined) return undefined;
  return { type: 'new-device', form: device.form, device: device.name, serial, setUpAt: enrolledAt };
}

/** Why the new token, once set up, cannot take over; undefined if it can. */
export function haltOf(institution: Institution, { status, takingOver }: Token): string | undefined {
  const device = takingOver?.device;
  if (status !== 'enrolled' || device === undefined) return STOPPED;
  // Without codes a login must be signed, and only an extension signs (ADR 35).
  const canLogIn = loginWaysOf(institution).includes('code') || device.form === 'extension';
  return canLogIn ? undefined : CANNOT_LOG_IN;
}
