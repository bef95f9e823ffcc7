import type { Hono } from 'hono';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import type { LoginLimits } from '../../../customer/login-limits.ts';
import { positionsIn } from '../../../customer/positional-password.ts';
import { hmac } from '../../../keys.ts';
import { type Customer, findCustomer, lockCustomer, recordLogin } from '../../../store/customers.ts';
import {
  claimedProcedure,
  claimProcedure,
  findProcedure,
  type OtpProcedure,
} from '../../../store/otp-procedures.ts';
import { carryOutProcedure, sealTyped } from '../../../token/procedures.ts';
import { currentState } from '../../../token/state.ts';
import { answer, type FormAgain, formState } from '../../../web/answer.ts';
import type { FieldError } from '../../../web/form.ts';
import { type BankContext, formToken, type PageStatus, show, showError } from '../../../web/render.ts';
import { customersOf, endSession, lowerSession, startSession } from '../../../web/session.ts';
import { doOnce, isOurSubmission, type Outcome } from '../../../web/submission.ts';
import { giveSession } from '../../../web/visitor.ts';
import { contractHolder } from '../contract.ts';
import {
  procedureContent,
  procedureDoneContent,
  procedureLoginContent,
  procedureRefusedContent,
  procedureRunningContent,
} from '../pages/procedure.ts';
import { NOT_ACCEPTED, type ProcedureInput, readProcedure } from '../procedure-input.ts';
import { PROCEDURES, type Procedure, procedureOf } from '../procedures.ts';
import { procedureRefusal } from '../refusals.ts';
import { POSITIONAL_PASSWORD } from '../second-password.ts';

const DONE = '/otp-service/done';

/** 利用開始, 交換, 利用中止 and 再同期: 利用者認証, the step itself, 処理結果. Each begins at the login page and ends there. */
export function procedureRoutes(
  app: Hono<BankEnv>,
  dependencies: BankDependencies,
  limits: LoginLimits,
): void {
  for (const procedure of PROCEDURES) {
    const { path } = procedure;
    app.get(path, (c) => showLogin(c, dependencies, procedure, [], 200));
    app.post(path, (c) => logIn(c, dependencies, procedure, limits));
    app.get(`${path}/input`, (c) =>
      withCustomer(c, dependencies, procedure, (customer) =>
        showWhereItStands(c, dependencies, { procedure, customer }),
      ),
    );
    app.post(`${path}/input`, (c) =>
      withCustomer(c, dependencies, procedure, (customer) => take(c, dependencies, { procedure, customer })),
    );
  }
  app.post('/otp-service/leave', async (c) => {
    await endSession(dependencies.db, c.get('visitor').id);
    return c.redirect('/', 303);
  });
  app.get(DONE, async (c) => {
    const { session, timedOut } = c.get('visitor');
    if (timedOut) return c.redirect('/timeout', 303);
    if (session?.stage !== 'procedure-done') return c.redirect('/', 303);
    const row = await findProcedure(dependencies.db, session.customerId, session.id);
    if (row === undefined) return c.redirect('/', 303);
    const procedure = procedureOf(row.kind);
    const content = procedureDoneContent(procedure, row);
    return show(c, dependencies, { screen: procedure.screens.done, content });
  });
}

async function logIn(
  c: BankContext,
  dependencies: BankDependencies,
  procedure: Procedure,
  limits: LoginLimits,
): Promise<Response> {
  const holder = await contractHolder(c, dependencies, limits, procedure.kind);
  if (holder.kind === 'too-soon') {
    c.header('Retry-After', String(holder.seconds));
    return showError(c, dependencies, 429);
  }
  if (holder.kind === 'wrong') return showLogin(c, dependencies, procedure, holder.errors, 422);
  const { institution } = c.get('site');
  const { id: customerId } = holder.customer;
  const data = { stage: 'procedure', customerId, procedure: procedure.kind } as const;
  giveSession(c, await startSession(dependencies, customersOf(institution), c.get('visitor').id, data));
  const { db, clock, logger } = dependencies;
  await recordLogin(db, customerId, new Date(clock()), procedure.kind);
  const event = { institution: institution.key, customer: customerId, event: 'login', for: procedure.kind };
  logger.info(event, 'identified customer for a procedure');
  return c.redirect(`${procedure.path}/input`, 303);
}

/** Calls `next` for a customer whose 利用者認証 was for this procedure. */
async function withCustomer(
  c: BankContext,
  dependencies: BankDependencies,
  { kind, path }: Procedure,
  next: (customer: Customer) => Promise<Response>,
): Promise<Response> {
  const { session, timedOut } = c.get('visitor');
  if (timedOut) return c.redirect('/timeout', 303);
  // A second click, or the form sent again after it is done.
  if (session?.stage === 'procedure-done') return c.redirect(DONE, 303);
  if (session?.stage !== 'procedure' || session.procedure !== kind) return c.redirect(path, 303);
  return next(await findCustomer(dependencies.db, session.customerId));
}

interface Doing {
  readonly procedure: Procedure;
  readonly customer: Customer;
}

async function take(c: BankContext, dependencies: BankDependencies, doing: Doing): Promise<Response> {
  const { procedure, customer } = doing;
  const form = c.get('form');
  const submission = form.get('submission') ?? '';
  if (!isOurSubmission(dependencies, c.get('visitor').id, procedure.kind, submission)) {
    return showError(c, dependencies, 403);
  }
  const input = readProcedure(procedure.kind, form);
  const sent = { submission, input, id: procedureId(dependencies, procedure, { submission, input }) };
  // The bank may have continued after the answer was lost.
  const own = await findProcedure(dependencies.db, customer.id, sent.id);
  if (own?.state === 'done') return showResult(c, dependencies, own);
  const missing = await POSITIONAL_PASSWORD.missing(dependencies, customer.id, form);
  const errors = [...input.errors, ...(missing === undefined ? [] : [missing])];
  if (errors.length > 0) return showInput(c, dependencies, doing, { errors, submission }, 422);
  const outcome = await doOnce(dependencies, submission, () => carryOut(c, dependencies, doing, sent));
  if (outcome.kind === 'unavailable') {
    const open = await claimedProcedure(dependencies.db, customer.id);
    if (open !== undefined) return showRunning(c, dependencies, procedure, open, 503);
  }
  return answer(
    c,
    { submission, outcome },
    {
      showForm: (again, status) =>
        showInput(
          c,
          dependencies,
          doing,
          outcome.kind === 'unavailable' && outcome.busy ? { ...again, notice: BUSY } : again,
          status,
        ),
      showBlocked: (notice) => showRefused(c, dependencies, procedure, notice),
    },
  );
}

const BUSY =
  'ただいまお手続きが混み合っているため、受け付けられませんでした。お手続きは行われていません。しばらくしてから、もう一度操作してください。';

/** Shows the state of a procedure whose outcome was unknown, or the form if there is none. */
async function showWhereItStands(
  c: BankContext,
  dependencies: BankDependencies,
  doing: Doing,
): Promise<Response> {
  const { db } = dependencies;
  const { customer } = doing;
  const asked = c.req.query('of');
  const row = await (asked === undefined
    ? claimedProcedure(db, customer.id)
    : findProcedure(db, customer.id, asked));
  if (row === undefined) return showInput(c, dependencies, doing, { errors: [] }, 200);
  const outcome = await carryOutProcedure(dependencies, c.get('site').institution, row);
  if (outcome === 'unavailable') return showRunning(c, dependencies, doing.procedure, row, 200);
  if (outcome !== 'done')
    return showInput(c, dependencies, doing, { errors: [], notice: notDone(doing.procedure) }, 200);
  return showResult(c, dependencies, row);
}

const notDone = ({ kind }: Procedure): string =>
  kind === 'resync'
    ? '先ほどのお手続きは完了していません。新しく表示される2つのワンタイムパスワードを、表示された順に入力してください。'
    : '先ほどのお手続きは完了していません。新しいワンタイムパスワードが表示されてから、もう一度入力してください。';

interface Sent {
  readonly submission: string;
  readonly input: ProcedureInput;
  /** Id of the procedure's row. */
  readonly id: string;
}

/** Checks the password first, so that a wrong one spends no code. */
async function carryOut(
  c: BankContext,
  dependencies: BankDependencies,
  { procedure, customer }: Doing,
  { input, id }: Sent,
): Promise<Outcome> {
  const { institution } = c.get('site');
  const form = c.get('form');
  const error = await POSITIONAL_PASSWORD.error(dependencies, institution, customer, form);
  if (error !== undefined) return { kind: 'refused', errors: [error] };
  const done = (row: OtpProcedure): Promise<Outcome> => finished(c, dependencies, row);
  const left = await settle(dependencies, c, customer.id);
  if (left === 'unavailable') return { kind: 'unavailable' };
  if (left !== undefined) return done(left);
  const state = await currentState(dependencies, institution, customer);
  if (state === undefined) return { kind: 'unavailable' };
  const refusal = procedureRefusal(procedure.kind, state, institution);
  if (refusal !== undefined) return { kind: 'blocked', notice: refusal };
  const { row, first } = await begin(dependencies, { procedure, customer }, { id, input, form });
  // Another procedure of the customer came first.
  if (row === undefined) return overtaken(c, dependencies, procedure, customer);
  switch (await carryOutProcedure(dependencies, institution, row, first)) {
    case 'done':
      return done(row);
    case 'refused':
      return refused(c, dependencies, procedure, customer);
    case 'busy':
      return { kind: 'unavailable', busy: true };
    default:
      return { kind: 'unavailable' };
  }
}

/** The same for a form sent again with the same input. */
function procedureId(
  { keys }: BankDependencies,
  { kind }: Procedure,
  { submission, input }: Pick<Sent, 'submission' | 'input'>,
): string {
  const { serial, loginOtp, presented } = input;
  return hmac(keys.forms, JSON.stringify(['otp procedure', kind, submission, serial, loginOtp, presented]));
}

/**
 * Decides an earlier procedure whose answer was lost, before another may begin.
 * @returns the procedure, if it turned out to be done
 */
async function settle(
  dependencies: BankDependencies,
  c: BankContext,
  customerId: string,
): Promise<OtpProcedure | 'unavailable' | undefined> {
  const open = await claimedProcedure(dependencies.db, customerId);
  if (open === undefined) return undefined;
  const outcome = await carryOutProcedure(dependencies, c.get('site').institution, open);
  if (outcome === 'unavailable') return 'unavailable';
  return outcome === 'done' ? open : undefined;
}

interface Begun {
  /** Undefined if another is under way or was done since. */
  readonly row: OtpProcedure | undefined;
  /** Whether this call began it. */
  readonly first: boolean;
}

async function begin(
  dependencies: BankDependencies,
  { procedure, customer }: Doing,
  {
    id,
    input: { serial, loginOtp, presented },
    form,
  }: { readonly id: string; readonly input: ProcedureInput; readonly form: ReadonlyMap<string, string> },
): Promise<Begun> {
  const { db, clock } = dependencies;
  const isRegister = procedure.kind === 'register';
  const codes = await sealTyped(dependencies, id, { ...presented, positions: positionsIn(form) });
  const first = await db.transaction().execute(async (trx) => {
    // The lock keeps the customer's other procedures from finishing, so the checked state still holds.
    const { user_id: userId } = await lockCustomer(trx, customer.id);
    if (userId !== customer.user_id) return false;
    return claimProcedure(
      trx,
      {
        id,
        institution: customer.institution,
        customer_id: customer.id,
        kind: procedure.kind,
        user_id: isRegister ? null : customer.user_id,
        serial: serial === '' ? null : serial,
        // 交換 keeps the customer's choice.
        login_otp: procedure.kind === 'exchange' ? customer.login_otp : loginOtp,
        codes,
      },
      clock(),
    );
  });
  return { row: await findProcedure(db, customer.id, id), first };
}

/** Nothing was done; wrong codes may have locked the token. */
const refused = async (
  c: BankContext,
  dependencies: BankDependencies,
  procedure: Procedure,
  customer: Customer,
): Promise<Outcome> =>
  (await blocked(c, dependencies, procedure, customer)) ?? {
    kind: 'refused',
    errors: [NOT_ACCEPTED[procedure.kind]],
  };

const overtaken = async (
  c: BankContext,
  dependencies: BankDependencies,
  procedure: Procedure,
  customer: Customer,
): Promise<Outcome> => (await blocked(c, dependencies, procedure, customer)) ?? { kind: 'unavailable' };

/** What prevents the procedure at present. */
async function blocked(
  c: BankContext,
  dependencies: BankDependencies,
  { kind }: Procedure,
  { id }: Customer,
): Promise<Outcome | undefined> {
  const { institution } = c.get('site');
  const state = await currentState(dependencies, institution, await findCustomer(dependencies.db, id));
  const notice = state && procedureRefusal(kind, state, institution);
  return notice === undefined ? undefined : { kind: 'blocked', notice };
}

/** The 利用者認証 is used up: the session may only read about the procedure, even if the form is sent again. */
async function finished(
  c: BankContext,
  dependencies: BankDependencies,
  { id, customer_id: customerId }: OtpProcedure,
): Promise<Outcome> {
  const data = { stage: 'procedure-done', customerId, id } as const;
  await lowerSession(dependencies, c.get('visitor').id, data);
  return { kind: 'done', to: DONE };
}

function showLogin(
  c: BankContext,
  dependencies: BankDependencies,
  procedure: Procedure,
  errors: readonly FieldError[],
  status: PageStatus,
) {
  const state = { formToken: formToken(dependencies, c.get('visitor').id), errors };
  const content = procedureLoginContent(procedure, state);
  return show(c, dependencies, { screen: procedure.screens.login, content, path: procedure.path }, status);
}

/** The procedure has begun and is not decided: the bank continues by itself, whatever the customer does. */
function showRunning(
  c: BankContext,
  dependencies: BankDependencies,
  { path, screens }: Procedure,
  row: OtpProcedure,
  status: PageStatus,
) {
  const content = procedureRunningContent(`${path}/input`, procedureOf(row.kind), row);
  return show(c, dependencies, { screen: screens.input, content, path }, status);
}

async function showResult(
  c: BankContext,
  dependencies: BankDependencies,
  row: OtpProcedure,
): Promise<Response> {
  await finished(c, dependencies, row);
  return c.redirect(DONE, 303);
}

function showRefused(
  c: BankContext,
  dependencies: BankDependencies,
  { screens, path }: Procedure,
  refusal: string,
) {
  const content = procedureRefusedContent(refusal);
  return show(c, dependencies, { screen: screens.input, content, path }, 409);
}

async function showInput(
  c: BankContext,
  dependencies: BankDependencies,
  { procedure, customer }: Doing,
  again: FormAgain,
  status: PageStatus,
): Promise<Response> {
  const { institution } = c.get('site');
  const state = await currentState(dependencies, institution, customer);
  // An unreachable service must not lose what was typed.
  if (state === undefined && status !== 503) return showError(c, dependencies, 503);
  const refusal = state && procedureRefusal(procedure.kind, state, institution);
  if (refusal !== undefined) return showRefused(c, dependencies, procedure, refusal);
  const form = c.get('form');
  const content = procedureContent(procedure, {
    ...formState(c, dependencies, procedure.kind, again),
    serial: (form?.get('serial') ?? '').slice(0, 64),
    loginOtp: form?.get('login_otp') === 'yes',
    positions: await POSITIONAL_PASSWORD.rows(dependencies, customer.id, again.errors),
  });
  const path = `${procedure.path}/input`;
  return show(c, dependencies, { screen: procedure.screens.input, content, path }, status);
}
