import type { Hono } from 'hono';
import type { Screen } from '../../../../core/family/screen.ts';
import { policyOf } from '../../../../core/institution/policy.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { tellCancelled } from '../../../request/cancel.ts';
import { carryOut } from '../../../request/carry-out.ts';
import { readConfirmationCode } from '../../../request/confirmation-code.ts';
import { followRequest } from '../../../request/decision.ts';
import type { RequestKind } from '../../../request/kind.ts';
import { awaitPhase, phaseOf } from '../../../request/status.ts';
import { executeOnce } from '../../../request/steps.ts';
import type { Handle } from '../../../store/database.ts';
import { cancelRequest, type RequestRow, readRequest } from '../../../store/requests.ts';
import { answer, UNAVAILABLE } from '../../../web/answer.ts';
import type { FieldError } from '../../../web/form.ts';
import { openSession } from '../../../web/guard.ts';
import { type Html, nothing } from '../../../web/html.ts';
import { type BankContext, type PageStatus, showError } from '../../../web/render.ts';
import { noteUse } from '../../../web/session.ts';
import { doOnce, isOurSubmission, newSubmission, type Outcome } from '../../../web/submission.ts';
import type { Waiters } from '../../../web/waiters.ts';
import {
  confirmedContent,
  type RequestState,
  runningContent,
  stoppedContent,
  waitingContent,
} from '../pages/request.ts';
import type { SecondPassword } from '../second-password.ts';

const NOT_CONFIRMED =
  'トークンアプリでの確認がまだ行われていません。アプリで取引内容を確認してから、もう一度操作してください。';

const SERVICE_SILENT =
  'ただいま取引認証の最新の状況を確認できません。しばらくしてから「最新の状況を表示」を押してください。';

/** What a page shows when it is shown again with errors. */
export interface RequestAgain {
  readonly errors: readonly FieldError[];
  readonly notice?: string | undefined;
}

/** The pages of one kind of request. */
export interface RequestPages {
  readonly kind: RequestKind;
  /** The password that 確定する asks for. */
  readonly password: SecondPassword;
  /** This customer's request; undefined also if the id belongs to somebody else. */
  find(db: Handle, customerId: string, id: string): Promise<RequestRow | undefined>;
  show(c: BankContext, row: RequestRow, again: RequestAgain, status?: PageStatus): Promise<Response>;
  /** 確定する of a request that the token was not asked about; undefined if the token must be asked. */
  readonly unasked?: (c: BankContext, row: RequestRow) => Promise<Outcome>;
  /** Further errors of the form, if the token was not asked. */
  readonly unaskedErrors?: (c: BankContext, row: RequestRow) => Promise<readonly FieldError[]>;
  /** Where to send the customer of a request that was cancelled before the token was asked. */
  readonly home: string;
}

/** The routes of an entered request, up to 完了: one page, which shows what the request's state needs. */
export function requestRoutes(
  app: Hono<BankEnv>,
  dependencies: BankDependencies,
  waiters: Waiters,
  pages: RequestPages,
): void {
  const { kind } = pages;
  const path = kind.pathOf(':id');
  /** Finds only the customer's own requests. */
  const withRow = async (c: BankContext, next: (row: RequestRow) => Response | Promise<Response>) => {
    const { customerId } = openSession(c);
    const row = await pages.find(dependencies.db, customerId, c.req.param('id') ?? '');
    return row === undefined ? showError(c, dependencies, 404) : next(row);
  };
  app.get(path, (c) => withRow(c, (row) => showLatest(c, dependencies, pages, row)));
  app.get(`${path}/status`, (c) =>
    withRow(c, async (row) => {
      const { id } = c.get('visitor');
      const changed = await waiters.hold(id, () => awaitPhase(c, dependencies, kind, row));
      if (changed === undefined) return c.body(null, 204);
      // The customer has just used the token, and is to finish on this page.
      const isConfirmation = c.req.query('unless') === 'waiting' && phaseOf(changed) === 'confirmed';
      if (isConfirmation) await noteUse(dependencies, policyOf(c.get('site').institution), id);
      return pages.show(c, changed, { errors: [] });
    }),
  );
  app.post(`${path}/execute`, (c) => withRow(c, (row) => execute(c, dependencies, pages, row)));
  app.post(`${path}/cancel`, (c) =>
    withRow(c, async (row) => {
      if (await cancelRequest(dependencies.db, kind.table, row.id)) {
        await tellCancelled(dependencies, c.get('site').institution, kind.table, row);
      }
      return c.redirect(row.state === 'entered' ? pages.home : kind.pathOf(row.id), 303);
    }),
  );
}

async function showLatest(
  c: BankContext,
  dependencies: BankDependencies,
  { kind: requestKind, show }: RequestPages,
  known: RequestRow,
): Promise<Response> {
  const { institution } = c.get('site');
  const { kind, row } = await followRequest(dependencies, institution, requestKind, known);
  const silent = kind !== 'known' && row.state === 'waiting';
  return show(c, row, { errors: [], notice: silent ? SERVICE_SILENT : undefined });
}

/** The screens of a request after the token was asked. */
export type RequestScreens = Readonly<Record<'waiting' | 'running' | 'complete' | 'stopped', Screen>>;

/** The screen and content for the state of a request. @param done renders the content of a finished one */
export function requestView(
  state: RequestState,
  screens: RequestScreens,
  done: () => Html,
): { readonly screen: Screen; readonly content: Html } {
  switch (phaseOf(state.row)) {
    case 'confirmed':
      return { screen: screens.waiting, content: confirmedContent(state) };
    case 'executing':
      return { screen: screens.running, content: runningContent(state) };
    case 'done':
      return { screen: screens.complete, content: done() };
    case 'refused':
    case 'cancelled':
      return { screen: screens.stopped, content: stoppedContent(state) };
    default:
      return { screen: screens.waiting, content: waitingContent(state) };
  }
}

/** 確定する; for a request already being executed it asks for the result. */
async function execute(
  c: BankContext,
  dependencies: BankDependencies,
  { kind: requestKind, show, password, unasked, unaskedErrors }: RequestPages,
  known: RequestRow,
): Promise<Response> {
  const { institution } = c.get('site');
  const { table } = requestKind;
  const submission = sentSubmission(c, dependencies, requestKind, known);
  if (submission === undefined) return showError(c, dependencies, 403);
  const { kind, row } = await followRequest(dependencies, institution, requestKind, known);
  const phase = phaseOf(row);
  if (phase === 'executing') await carryOut(dependencies, institution, requestKind, row.id);
  if (phase !== 'entered' && phase !== 'confirmed' && phase !== 'waiting')
    return c.redirect(requestKind.pathOf(row.id), 303);
  if (kind !== 'known') return show(c, row, { errors: [], notice: UNAVAILABLE }, 503);
  if (phase === 'waiting') return show(c, row, { errors: [], notice: NOT_CONFIRMED }, 409);
  const form = c.get('form');
  const input = readConfirmationCode(row, form.get('confirmation_code'));
  const errors = [
    ...(phase === 'entered' ? ((await unaskedErrors?.(c, row)) ?? []) : []),
    'error' in input ? input.error : undefined,
    await password.missing(dependencies, row.customer_id, form),
  ].filter((error) => error !== undefined);
  if ('error' in input || errors.length > 0) return show(c, row, { errors }, 422);
  const outcome = await doOnce(dependencies, submission, () =>
    executeOnce(dependencies, institution, requestKind, row.id, {
      passwordError: (customer) => password.error(dependencies, institution, customer, form),
      code: input.code,
      ...(unasked && { unasked: (entered) => unasked(c, entered) }),
    }),
  );
  if (outcome.kind === 'done') await password.used?.(dependencies, row.customer_id, form);
  return answer(
    c,
    { submission, outcome },
    {
      showForm: async (again, status) =>
        show(c, await readRequest(dependencies.db, table, row.id), again, status),
    },
  );
}

const formName = ({ type }: RequestKind, { id }: RequestRow) => `${type} ${id}` as const;

/** The rows of the second password; a request that is already decided needs none. */
export const passwordOf = async (
  dependencies: BankDependencies,
  password: SecondPassword,
  { customer_id: customerId, state }: Pick<RequestRow, 'customer_id' | 'state'>,
  { errors }: RequestAgain,
): Promise<RequestState['password']> => ({
  name: password.name,
  rows:
    state === 'entered' || state === 'waiting'
      ? await password.rows(dependencies, customerId, errors)
      : nothing,
});

/** Each window has its own, so that what is typed in one is not answered with the mistake of another. */
export function submissionFor(
  c: BankContext,
  dependencies: BankDependencies,
  kind: RequestKind,
  row: RequestRow,
): string {
  return newSubmission(dependencies, c.get('visitor').id, formName(kind, row));
}

/** The sent submission, if this session got it for this request. */
function sentSubmission(
  c: BankContext,
  dependencies: BankDependencies,
  kind: RequestKind,
  row: RequestRow,
): string | undefined {
  const submission = c.get('form').get('submission') ?? '';
  const ours = isOurSubmission(dependencies, c.get('visitor').id, formName(kind, row), submission);
  return ours ? submission : undefined;
}
