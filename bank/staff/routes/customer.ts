import type { Hono } from 'hono';
import { familyOf } from '../../../core/family/families.ts';
import type { BankDependencies } from '../../context.ts';
import { type Customer, findCustomerOf } from '../../store/customers.ts';
import { findMail } from '../../store/outbox.ts';
import { latestPapers } from '../../store/papers.ts';
import { latestProposalsBy, openProposals, openProposalsFor } from '../../store/proposals.ts';
import { dueReviews } from '../../store/reviews.ts';
import { findStaffAct, latestActsAt, latestStaffActs } from '../../store/staff.ts';
import type { FieldError } from '../../web/form.ts';
import type { PageStatus } from '../../web/render.ts';
import { readPlace } from '../audit-lines.ts';
import { type StaffContext, type StaffEnv, signedIn } from '../context.ts';
import { staffFormToken } from '../drafts.ts';
import { readHistory } from '../history.ts';
import { isNumber } from '../numbers.ts';
import { customerContent } from '../pages/customer.ts';
import { historyContent } from '../pages/history.ts';
import { queueContent, WAITING_MOST } from '../pages/queue.ts';
import { recordContent } from '../pages/record.ts';
import { foundContent } from '../pages/search.ts';
import { customerPath } from '../paths.ts';
import { show, showError } from '../render.ts';
import { QUERY_MOST, searchCustomers } from '../search.ts';
import { type Standing, standingOf } from '../standing.ts';
import { mailIdOf } from '../written.ts';

const ACTS_SHOWN = 10;
const HISTORY_SHOWN = 10;
const HISTORY_PAGE = 100;

/** Search, a customer's page, and what came of an act. */
export function customerRoutes(app: Hono<StaffEnv>, dependencies: BankDependencies): void {
  app.get('/', (c) => showQueue(c, dependencies, { errors: [], query: '' }, 200));
  app.get('/search', (c) => c.redirect('/', 303));
  app.post('/search', (c) => search(c, dependencies));
  app.get('/customers/:id', async (c) => {
    const customer = await customerAt(c, dependencies);
    if (customer === undefined) return showError(c, dependencies, 404);
    return showCustomer(c, dependencies, customer);
  });
  app.get('/customers/:id/history', async (c) => {
    const found = await customerAt(c, dependencies);
    const asked = c.req.query('after');
    const place = asked === undefined ? undefined : readPlace(asked);
    if (found === undefined || (asked !== undefined && place === undefined)) {
      return showError(c, dependencies, 404);
    }
    const read = () => readHistory(dependencies, signedIn(c), found, place, HISTORY_PAGE);
    const [{ customer }, before] = await Promise.all([
      standingOf(dependencies, signedIn(c).institution, found),
      read(),
    ]);
    // A token that took over just now has its part in it.
    const page = customer.user_id === found.user_id ? before : await read();
    return show(c, dependencies, {
      heading: `${customer.name} 様の経過`,
      content: historyContent(signedIn(c).institution, customer, page, place === undefined),
    });
  });
  app.get('/customers/:id/records/:no', async (c) => {
    const customer = await customerAt(c, dependencies);
    const no = c.req.param('no');
    const act = customer && isNumber(no) && (await findStaffAct(dependencies.db, customer.id, no));
    if (!customer || !act) return showError(c, dependencies, 404);
    const mail = await findMail(dependencies.db, mailIdOf(act.key));
    return show(c, dependencies, {
      heading: 'お手続きの記録',
      content: recordContent({ institution: signedIn(c).institution, customer, act, mail }),
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
async function showCustomer(
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
  const { db, clock } = dependencies;
  const { customer } = standing;
  const by = signedIn(c);
  const [acts, papers, history, proposals] = await Promise.all([
    latestStaffActs(db, customer.id, ACTS_SHOWN),
    latestPapers(db, customer.id, ACTS_SHOWN),
    readHistory(dependencies, by, customer, undefined, HISTORY_SHOWN),
    openProposalsFor(db, customer.id, clock()),
  ]);
  const page = {
    heading: `${customer.name} 様`,
    content: customerContent({ standing, acts, refusal, by, papers, history, proposals }),
  };
  return show(c, dependencies, page, refusal === undefined ? 200 : 409);
}

async function search(c: StaffContext, dependencies: BankDependencies): Promise<Response> {
  const { logger } = dependencies;
  const { clerk, institution } = signedIn(c);
  const { loginId, serial } = familyOf(institution).words;
  const query = (c.get('form').get('q') ?? '')
    .normalize('NFKC')
    .trim()
    .slice(0, QUERY_MOST + 1);
  const error = (message: string) =>
    showQueue(c, dependencies, { errors: [{ field: 'q', message }], query }, 422);
  if (query === '') return error('検索する文字を入力してください。');
  const found = await searchCustomers(dependencies, { institution }, query);
  if (found === 'unavailable') {
    const message = `${serial}での検索は、ただいま行えません。${loginId}かお名前で検索してください。`;
    return showQueue(c, dependencies, { errors: [{ field: 'q', message }], query }, 503);
  }
  const [customer] = found;
  logger.info(
    {
      institution: institution.key,
      staff: clerk.staff_id,
      found: found.map(({ id }) => id),
      event: 'staff search',
    },
    'staff searched',
  );
  if (customer === undefined) {
    return error(
      `お客さまは見つかりません。${loginId}と番号は全体を、大文字と小文字の違いも確認して入力してください。`,
    );
  }
  if (found.length === 1) return c.redirect(customerPath(customer.id), 303);
  const form = { institution, formToken: staffFormToken(c, dependencies), query, errors: [] };
  return show(c, dependencies, {
    heading: 'お客さま検索',
    content: foundContent(form, found),
    searches: true,
  });
}

interface QueueState {
  readonly errors: readonly FieldError[];
  readonly query: string;
}

async function showQueue(
  c: StaffContext,
  dependencies: BankDependencies,
  state: QueueState,
  status: PageStatus,
) {
  const { db, clock } = dependencies;
  const by = signedIn(c);
  const { key } = by.institution;
  const now = clock();
  const [open, own, reviews, acts] = await Promise.all([
    openProposals(db, by.clerk, now, WAITING_MOST + 1),
    latestProposalsBy(db, key, by.clerk.staff_id, ACTS_SHOWN),
    dueReviews(db, key, WAITING_MOST + 1),
    latestActsAt(db, key, ACTS_SHOWN),
  ]);
  const formToken = staffFormToken(c, dependencies);
  const content = queueContent({ ...state, by, now, formToken, open, own, reviews, acts });
  return show(c, dependencies, { heading: '対応待ち', content, searches: true }, status);
}
