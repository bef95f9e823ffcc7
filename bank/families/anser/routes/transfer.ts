import type { Hono } from 'hono';
import { OutageError } from '../../../../core/errors.ts';
import { ANSER } from '../../../../core/family/anser.ts';
import type { Screen } from '../../../../core/family/screen.ts';
import type { Places } from '../../../../host/places.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { missingConfirmationPassword } from '../../../customer/confirmation-password.ts';
import { accountsOf } from '../../../store/accounts.ts';
import { findCustomer } from '../../../store/customers.ts';
import { cancelTransfer, findTransfer, readTransfer, type TransferRow } from '../../../store/transfers.ts';
import { otpUseOf } from '../../../token/state.ts';
import type { TransferChanges } from '../../../transfer/changes.ts';
import { tellCancelled } from '../../../transfer/chores.ts';
import { readConfirmationCode } from '../../../transfer/confirmation-code.ts';
import { followTransfer } from '../../../transfer/decision.ts';
import { carryOut } from '../../../transfer/execute.ts';
import { awaitPhase, phaseOf } from '../../../transfer/status.ts';
import { executeOnce } from '../../../transfer/steps.ts';
import { answer, UNAVAILABLE } from '../../../web/answer.ts';
import type { FieldError } from '../../../web/form.ts';
import { openSession } from '../../../web/guard.ts';
import type { Html } from '../../../web/html.ts';
import { type BankContext, formToken, type PageStatus, show, showError } from '../../../web/render.ts';
import { doOnce, isOurSubmission, submissionOf } from '../../../web/submission.ts';
import {
  confirmedContent,
  directContent,
  doneContent,
  runningContent,
  stoppedContent,
  type TransferState,
  waitingContent,
} from '../pages/transfer.ts';

const NOT_CONFIRMED =
  'トークンアプリでの確認がまだ行われていません。アプリで取引内容を確認してから、もう一度操作してください。';

const SERVICE_SILENT =
  'ただいま取引認証の最新の状況を確認できません。しばらくしてから「最新の状況を表示」を押してください。';

/** A transfer once it is entered, to 完了: one page that shows what the transfer's state asks for. */
export function transferRoutes(
  app: Hono<BankEnv>,
  dependencies: BankDependencies,
  changes: TransferChanges,
  waiters: Places,
): void {
  app.get('/transfer/:id', (c) => withTransfer(c, dependencies, (row) => showLatest(c, dependencies, row)));
  app.get('/transfer/:id/status', (c) =>
    withTransfer(c, dependencies, async (row) => {
      const giveBack = waiters.take();
      if (giveBack === undefined) throw new OutageError('too many follow a transfer');
      const changed = await awaitPhase(c, dependencies, changes, row).finally(giveBack);
      return changed === undefined
        ? c.body(null, 204)
        : showTransfer(c, dependencies, changed, { errors: [] });
    }),
  );
  app.post('/transfer/:id/execute', (c) =>
    withTransfer(c, dependencies, async (row) => {
      const answer = await execute(c, dependencies, row);
      changes.announce(row.id);
      return answer;
    }),
  );
  app.post('/transfer/:id/cancel', (c) =>
    withTransfer(c, dependencies, async (row) => {
      if (await cancelTransfer(dependencies.db, row.id)) {
        await tellCancelled(dependencies, c.get('site').institution, row);
        changes.announce(row.id);
      }
      return c.redirect(row.state === 'entered' ? '/transfer' : pathOf(row), 303);
    }),
  );
}

const pathOf = ({ id }: TransferRow) => `/transfer/${id}`;

/** Nobody sees anybody else's. */
async function withTransfer(
  c: BankContext,
  dependencies: BankDependencies,
  next: (row: TransferRow) => Response | Promise<Response>,
): Promise<Response> {
  const { customerId } = openSession(c);
  const row = await findTransfer(dependencies.db, customerId, c.req.param('id') ?? '');
  return row === undefined ? showError(c, dependencies, 404) : next(row);
}

async function showLatest(
  c: BankContext,
  dependencies: BankDependencies,
  known: TransferRow,
): Promise<Response> {
  const { kind, row } = await followTransfer(dependencies, c.get('site').institution, known);
  const silent = kind !== 'known' && row.state === 'waiting';
  return showTransfer(c, dependencies, row, { errors: [], notice: silent ? SERVICE_SILENT : undefined });
}

/** 確定する; of what is under way already it asks for the result. */
async function execute(
  c: BankContext,
  dependencies: BankDependencies,
  known: TransferRow,
): Promise<Response> {
  const { institution } = c.get('site');
  const submission = sentSubmission(c, dependencies, known);
  if (submission === undefined) return showError(c, dependencies, 403);
  const { kind, row } = await followTransfer(dependencies, institution, known);
  const phase = phaseOf(row);
  if (phase === 'executing') await carryOut(dependencies, institution, row.id);
  if (phase !== 'entered' && phase !== 'confirmed' && phase !== 'waiting')
    return c.redirect(pathOf(row), 303);
  if (kind !== 'known') return showTransfer(c, dependencies, row, { errors: [], notice: UNAVAILABLE }, 503);
  if (phase === 'waiting') {
    return showTransfer(c, dependencies, row, { errors: [], notice: NOT_CONFIRMED }, 409);
  }
  const password = c.get('form').get('confirmation_password') ?? '';
  const input = readConfirmationCode(row, c.get('form').get('confirmation_code'));
  const errors = ['error' in input ? input.error : undefined, missingConfirmationPassword(password)].filter(
    (error) => error !== undefined,
  );
  if ('error' in input || errors.length > 0) return showTransfer(c, dependencies, row, { errors }, 422);
  const outcome = await doOnce(dependencies, onceFor(row, submission), () =>
    executeOnce(c, dependencies, row.id, { password, code: input.code }),
  );
  return answer(
    c,
    { submission, outcome },
    {
      showForm: async (again, status) =>
        showTransfer(c, dependencies, await readTransfer(dependencies.db, row.id), again, status),
    },
  );
}

/** The submission, if this session was given it for this transfer. */
function sentSubmission(
  c: BankContext,
  dependencies: BankDependencies,
  row: TransferRow,
): string | undefined {
  const submission = c.get('form').get('submission') ?? '';
  const ours = isOurSubmission(dependencies, c.get('visitor').id, `transfer ${row.id}`, submission);
  return ours ? submission : undefined;
}

/** The same for every window and session that shows the same attempt: of all of them one is worked on. */
function onceFor({ id }: TransferRow, submission: string): string {
  const [attempt = ''] = submission.split('.');
  return JSON.stringify(['execute', id, attempt]);
}

interface Again {
  readonly errors: readonly FieldError[];
  readonly notice?: string | undefined;
}

async function showTransfer(
  c: BankContext,
  dependencies: BankDependencies,
  row: TransferRow,
  again: Again,
  status: PageStatus = 200,
): Promise<Response> {
  const { id } = c.get('visitor');
  const { institution } = c.get('site');
  const accounts = await accountsOf(dependencies.db, row.customer_id);
  const state: TransferState = {
    ...again,
    institution,
    row,
    from: accounts.find((account) => account.id === row.from_account),
    formToken: formToken(dependencies, id),
    submission: submissionOf(dependencies, id, `transfer ${row.id}`, String(row.attempt)),
  };
  if (row.state === 'entered' && row.kind !== 'own') {
    const use = await useNow(c, dependencies, row);
    if (use === undefined) return showError(c, dependencies, 503);
    // Only its input asks the token.
    if (use === 'in-use') return c.redirect(`${pathOf(row)}/edit`, 303);
  }
  const { screen, content } = viewOf(state);
  return show(c, dependencies, { screen, content, path: pathOf(row) }, status);
}

async function useNow(c: BankContext, dependencies: BankDependencies, row: TransferRow) {
  const customer = await findCustomer(dependencies.db, row.customer_id);
  return otpUseOf(dependencies, c.get('site').institution, customer);
}

function viewOf(state: TransferState): { readonly screen: Screen; readonly content: Html } {
  const { row } = state;
  const own = row.kind === 'own';
  const asked = row.confirmation_id !== null;
  const choose = (confirmed: Screen, direct: Screen, between: Screen) =>
    own ? between : asked ? confirmed : direct;
  switch (phaseOf(row)) {
    case 'entered':
      return {
        screen: own ? ANSER.screens.ownConfirm : ANSER.screens.directConfirm,
        content: directContent(state),
      };
    case 'waiting':
      return { screen: ANSER.screens.transferWaiting, content: waitingContent(state) };
    case 'confirmed':
      return { screen: ANSER.screens.transferWaiting, content: confirmedContent(state) };
    case 'executing':
      return { screen: ANSER.screens.transferRunning, content: runningContent(state) };
    case 'done':
      return {
        screen: choose(
          ANSER.screens.transferComplete,
          ANSER.screens.directComplete,
          ANSER.screens.ownComplete,
        ),
        content: doneContent(state),
      };
    case 'refused':
    case 'cancelled':
      return {
        screen: choose(ANSER.screens.transferStopped, ANSER.screens.directStopped, ANSER.screens.ownStopped),
        content: stoppedContent(state),
      };
  }
}
