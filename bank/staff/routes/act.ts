import type { Hono } from 'hono';
import type { BankDependencies } from '../../context.ts';
import type { Customer } from '../../store/customers.ts';
import { yenOf } from '../../transfer/amount.ts';
import type { FieldError } from '../../web/form.ts';
import type { PageStatus } from '../../web/render.ts';
import { doOnce, type FormName, isOurSubmission, newSubmission } from '../../web/submission.ts';
import { type ActInput, actInputErrors, questionsBefore, readActInput, unasked } from '../act-input.ts';
import { ACTS, type ActName, isActName, isProposed } from '../acts.ts';
import { type StaffContext, type StaffEnv, signedIn } from '../context.ts';
import { staffFormToken, TYPED_BEFORE, typedBefore } from '../drafts.ts';
import { mostOf } from '../limit.ts';
import { actConfirmContent, actInputContent } from '../pages/act.ts';
import { paperBehind, reasonOf } from '../papers.ts';
import { actPath } from '../paths.ts';
import { performAct } from '../perform.ts';
import { propose } from '../proposals.ts';
import { show, showError } from '../render.ts';
import { mayAct, READS_ONLY } from '../roles.ts';
import { BUSY, type Standing, standingOf, whyNot } from '../standing.ts';
import { answer } from './answer.ts';
import { customerAt, showStanding } from './customer.ts';

const PATH = '/customers/:id/acts/:act';

const UNANSWERED =
  'トークンサービスから応答がなく、お手続きの結果を確認できませんでした。もう一度同じボタンを押してください。二重に行われることはありません。この画面を閉じても、応答がありしだい、お手続きを続けます。';

const NOT_PROPOSED =
  'トークンサービスから応答がなく、申請を確認できませんでした。もう一度同じボタンを押してください。二重に申請されることはありません。';

/** An act on a customer: its form, its confirmation, and the act itself. */
export function actRoutes(app: Hono<StaffEnv>, dependencies: BankDependencies): void {
  app.get(PATH, (c) =>
    withAct(c, dependencies, async (asked) => {
      const { standing, act } = await fitting(dependencies, asked);
      const refusal = whyNot(act, standing);
      const kept = await typedBefore(c, dependencies);
      if (kept === undefined && refusal !== undefined) {
        return showStanding(c, dependencies, standing, refusal);
      }
      const email = kept?.get('email') ?? standing.customer.email ?? '';
      const paper = await paperBehind(dependencies, standing, act, c.req.query('paper') ?? '');
      const reason =
        kept?.get('reason') ?? (paper === undefined ? '' : reasonOf(paper, standing.institution));
      const device = kept?.get('device') ?? c.req.query('device') ?? '';
      const input = { reason, email, limit: kept?.get('limit') ?? '', device };
      const notice = kept && TYPED_BEFORE;
      return showInput(c, dependencies, { standing, act }, { input, notice: refusal ?? notice }, 200);
    }),
  );
  // Where the back button leads after the confirmation.
  for (const step of ['confirm', 'edit']) {
    app.get(`${PATH}/${step}`, (c) =>
      withAct(c, dependencies, async ({ customer, act }) => c.redirect(actPath(customer.id, act), 303)),
    );
  }
  app.post(`${PATH}/edit`, (c) =>
    withAct(c, dependencies, async (asked) => {
      const found = await fitting(dependencies, asked);
      return showInput(c, dependencies, found, { input: readActInput(c.get('form')) }, 200);
    }),
  );
  app.post(`${PATH}/confirm`, (c) =>
    withAct(c, dependencies, async (asked) => {
      const found = await fitting(dependencies, asked);
      const input = readActInput(c.get('form'));
      const refusal = whyNot(found.act, found.standing);
      if (refusal !== undefined) return showInput(c, dependencies, found, { input, notice: refusal }, 409);
      const errors = actInputErrors(found.act, input, mostOf(found.standing));
      if (errors.length > 0) return showInput(c, dependencies, found, { input, errors }, 422);
      return showConfirm(c, dependencies, found, input, {}, 200);
    }),
  );
  app.post(PATH, (c) => withAct(c, dependencies, (asked) => doAct(c, dependencies, asked)));
}

interface AskedAct {
  readonly c: StaffContext;
  readonly customer: Customer;
  readonly act: ActName;
}

interface FoundAct {
  readonly standing: Standing;
  readonly act: ActName;
}

/** Calls `next` with the customer and the act of the address; 404 or 403 where this clerk has none such. */
async function withAct(
  c: StaffContext,
  dependencies: BankDependencies,
  next: (asked: AskedAct) => Promise<Response>,
): Promise<Response> {
  const customer = await customerAt(c, dependencies);
  const act = c.req.param('act') ?? '';
  if (customer === undefined || !isActName(act)) return showError(c, dependencies, 404);
  if (!mayAct(signedIn(c).clerk)) return showError(c, dependencies, 403, READS_ONLY);
  return next({ c, customer, act });
}

const fitting = async (
  dependencies: BankDependencies,
  { c, customer, act }: AskedAct,
): Promise<FoundAct> => ({
  standing: await standingOf(dependencies, signedIn(c).institution, customer),
  act,
});

async function doAct(
  c: StaffContext,
  dependencies: BankDependencies,
  { customer, act }: AskedAct,
): Promise<Response> {
  const form = c.get('form');
  const submission = form.get('submission') ?? '';
  const userId = form.get('token') || null;
  const name = formName(act, customer.id, userId);
  if (!isOurSubmission(dependencies, c.get('visitor').id, name, submission)) {
    return showError(c, dependencies, 403);
  }
  const input = readActInput(form);
  const by = signedIn(c);
  if (actInputErrors(act, input, by.institution.rules.dailyLimitMost).length > 0) {
    return showError(c, dependencies, 400);
  }
  const errors = unasked(questionsBefore(act, by.institution), form);
  if (errors.length > 0) {
    const found = await fitting(dependencies, { c, customer, act });
    return showConfirm(c, dependencies, found, input, { submission, errors }, 422);
  }
  const outcome = await doOnce(dependencies, submission, () => {
    const limit = ACTS[act].takes === 'limit' ? yenOf(input.limit) : undefined;
    const confirmed = { by, customer, ...input, limit, userId, submission };
    return isProposed(act)
      ? propose(dependencies, { ...confirmed, act })
      : performAct(dependencies, { ...confirmed, act });
  });
  return answer(c, dependencies, outcome, {
    showBlocked: async (notice) => {
      const now = (await customerAt(c, dependencies)) ?? customer;
      const found = await fitting(dependencies, { c, customer: now, act });
      return showInput(c, dependencies, found, { input, notice }, 409);
    },
    showUnavailable: async (isBusy) => {
      const found = await fitting(dependencies, { c, customer, act });
      const unanswered = isProposed(act) ? NOT_PROPOSED : UNANSWERED;
      const notice = isBusy ? BUSY : unanswered;
      return showConfirm(c, dependencies, found, input, { submission, notice }, 503);
    },
  });
}

/** The form is bound to the token that was shown, so that an act never reaches one the clerk has not seen. */
const formName = (act: ActName, customerId: string, userId: string | null): FormName =>
  `staff ${act} ${customerId} ${userId ?? ''}`;

interface Entered {
  readonly input: ActInput;
  readonly errors?: readonly FieldError[];
  /** Why something asked for was not done, or what the input is. */
  readonly notice?: string | undefined;
}

function showInput(
  c: StaffContext,
  dependencies: BankDependencies,
  { standing, act }: FoundAct,
  { input, errors = [], notice }: Entered,
  status: PageStatus,
) {
  const content = actInputContent({
    standing,
    act,
    input,
    errors,
    notice,
    formToken: staffFormToken(c, dependencies),
  });
  return show(c, dependencies, { heading: ACTS[act].name, content }, status);
}

interface ConfirmAgain {
  readonly submission?: string;
  readonly notice?: string;
  readonly errors?: readonly FieldError[];
}

function showConfirm(
  c: StaffContext,
  dependencies: BankDependencies,
  { standing, act }: FoundAct,
  input: ActInput,
  { submission, notice, errors = [] }: ConfirmAgain,
  status: PageStatus,
) {
  const { customer } = standing;
  const { id } = c.get('visitor');
  const content = actConfirmContent({
    standing,
    act,
    input,
    notice,
    errors,
    ticked: c.get('form') ?? new Map(),
    formToken: staffFormToken(c, dependencies),
    submission: submission ?? newSubmission(dependencies, id, formName(act, customer.id, customer.user_id)),
  });
  return show(c, dependencies, { heading: `${ACTS[act].name}（確認）`, content }, status);
}
