import type { Hono } from 'hono';
import type { BankDependencies } from '../../context.ts';
import { type Customer, findCustomerByLogin, findCustomerOf } from '../../store/customers.ts';
import { findMail } from '../../store/outbox.ts';
import { findStaffAct, latestActsAt, latestStaffActs } from '../../store/staff.ts';
import type { FieldError } from '../../web/form.ts';
import { formToken, type PageStatus } from '../../web/render.ts';
import { type StaffContext, type StaffEnv, signedIn } from '../context.ts';
import { customerContent } from '../pages/customer.ts';
import { homeContent } from '../pages/home.ts';
import { recordContent } from '../pages/record.ts';
import { mailIdOf } from '../perform.ts';
import { show, showError } from '../render.ts';
import { type Standing, standingOf } from '../standing.ts';

const ACTS_SHOWN = 10;

/** Numbers of acts, as far as a database counts. */
const ACT_NUMBER = /^[1-9][0-9]{0,17}$/;

/** Search, a customer's page, and what came of an act. */
export function customerRoutes(app: Hono<StaffEnv>, dependencies: BankDependencies): void {
  app.get('/', (c) => showHome(c, dependencies, { errors: [], loginId: '' }, 200));
  app.get('/search', (c) => c.redirect('/', 303));
  app.post('/search', (c) => search(c, dependencies));
  app.get('/customers/:id', async (c) => {
    const customer = await customerAt(c, dependencies);
    if (customer === undefined) return showError(c, dependencies, 404);
    return showCustomer(c, dependencies, customer);
  });
  app.get('/customers/:id/records/:no', async (c) => {
    const customer = await customerAt(c, dependencies);
    const no = c.req.param('no');
    const act = customer && ACT_NUMBER.test(no) && (await findStaffAct(dependencies.db, customer.id, no));
    if (!customer || !act) return showError(c, dependencies, 404);
    const mail = await findMail(dependencies.db, mailIdOf(act.key));
    return show(c, dependencies, {
      heading: 'お手続きの記録',
      content: recordContent({ customer, act, mail }),
    });
  });
}

/** The customer of the address, of the clerk's own institution alone. */
export function customerAt(
  c: StaffContext,
  { db }: Pick<BankDependencies, 'db'>,
): Promise<Customer | undefined> {
  return findCustomerOf(db, signedIn(c).institution.key, c.req.param('id') ?? '');
}

/** A customer as things stand now. @param refusal why something asked for was not done */
export async function showCustomer(
  c: StaffContext,
  dependencies: BankDependencies,
  customer: Customer,
  refusal?: string,
): Promise<Response> {
  const standing = await standingOf(dependencies, signedIn(c).institution, customer);
  return showStanding(c, dependencies, standing, refusal);
}

export async function showStanding(
  c: StaffContext,
  dependencies: BankDependencies,
  standing: Standing,
  refusal?: string,
): Promise<Response> {
  const { customer } = standing;
  const acts = await latestStaffActs(dependencies.db, customer.id, ACTS_SHOWN);
  const page = {
    heading: `${customer.name} 様`,
    content: customerContent({ standing, acts, refusal }),
  };
  return show(c, dependencies, page, refusal === undefined ? 200 : 409);
}

async function search(c: StaffContext, dependencies: BankDependencies): Promise<Response> {
  const { db, logger } = dependencies;
  const { clerk, institution } = signedIn(c);
  const loginId = (c.get('form').get('login_id') ?? '').normalize('NFKC').trim();
  const error = (message: string) =>
    showHome(c, dependencies, { errors: [{ field: 'login_id', message }], loginId }, 422);
  if (loginId === '') return error('ログインIDを入力してください。');
  // Other characters are in no login ID, and some of them in no database.
  const customer = /^[0-9A-Za-z]{1,64}$/.test(loginId)
    ? await findCustomerByLogin(db, institution.key, loginId)
    : undefined;
  logger.info(
    { institution: institution.key, staff: clerk.staff_id, customer: customer?.id, event: 'staff search' },
    'staff searched',
  );
  if (customer === undefined) {
    return error('このログインIDのお客さまは見つかりません。大文字と小文字の違いも確認してください。');
  }
  return c.redirect(`/customers/${encodeURIComponent(customer.id)}`, 303);
}

interface HomeState {
  readonly errors: readonly FieldError[];
  readonly loginId: string;
}

async function showHome(
  c: StaffContext,
  dependencies: BankDependencies,
  state: HomeState,
  status: PageStatus,
) {
  const { institution } = signedIn(c);
  const content = homeContent({
    ...state,
    formToken: formToken(dependencies, c.get('visitor').id),
    acts: await latestActsAt(dependencies.db, institution.key, ACTS_SHOWN),
  });
  return show(c, dependencies, { heading: 'お客さま検索', content, searches: true }, status);
}
