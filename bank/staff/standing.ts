import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { type Customer, findCustomer } from '../store/customers.ts';
import { detailOf, type ServiceAnswer } from '../token/client.ts';
import { type TakeOverDependencies, takeOver } from '../token/take-over.ts';
import { takesPaper } from '../token/ways.ts';
import { ACTS, type ActName } from './acts.ts';
import { isExpired, type StaffTokenState, statusText } from './token-status.ts';

/** A customer with the state of their token. Whether an act fits is judged by it. */
export interface Standing {
  readonly institution: Institution;
  readonly customer: Customer;
  readonly state: StaffTokenState;
  /** When the state was read, in Unix milliseconds. */
  readonly at: number;
}

export const BUSY =
  'トークンサービスが混み合っているため、ただいま行えません。数秒待ってから、もう一度操作してください。';

/** If another token has replaced the customer's and the bank does not know yet, the bank takes over that token first, as the pages do. */
export async function standingOf(
  dependencies: Pick<BankDependencies, 'staff'> & TakeOverDependencies,
  institution: Institution,
  customer: Customer,
): Promise<Standing> {
  const { staff, db, logger, clock } = dependencies;
  const at = clock();
  const unknown = (answer: Exclude<ServiceAnswer<never>, { kind: 'ok' }>): Standing => {
    const detail = detailOf(answer);
    logger.error({ institution: institution.key, detail }, 'could not read the token for the staff console');
    return { institution, customer, state: { kind: 'unknown', busy: detail === 'rate_limited' }, at };
  };
  if (customer.user_id === null) return { institution, customer, state: { kind: 'none' }, at };
  const service = staff.serviceFor(institution);
  const answer = await service.show(customer.user_id);
  if (answer.kind !== 'ok') return unknown(answer);
  const { status, replacedBy } = answer.value;
  if (replacedBy === undefined)
    return { institution, customer, state: { kind: status, token: answer.value }, at };
  const now = await service.show(replacedBy);
  if (now.kind !== 'ok') return unknown(now);
  await takeOver(dependencies, institution, customer, now.value);
  return standingOf(dependencies, institution, await findCustomer(db, customer.id));
}

/** @returns undefined where the act fits, else why it does not */
export function whyNot(act: ActName, standing: Standing): string | undefined {
  if (act === 'register') return whyNotRegister(standing);
  const { name, needs, fits } = ACTS[act];
  const { state, at } = standing;
  if (state.kind === 'unknown') {
    return state.busy ? BUSY : 'トークンの状態を確認できないため、ただいま行えません。';
  }
  if (fits(state, at)) return undefined;
  const instead = isExpired(state, at)
    ? `ご利用を再開するには、「${ACTS.replace.name}」を行ってください。`
    : '';
  return `${name}は、${needs}場合に行えます。現在の状態は「${statusText(state, at)}」です。${instead}`;
}

function whyNotRegister({ institution, customer }: Standing): string | undefined {
  if (!takesPaper(institution)) return 'この金融機関では、申込書の登録は必要ありません。';
  return customer.applied_at === null ? undefined : '申込書は、すでに登録されています。';
}
