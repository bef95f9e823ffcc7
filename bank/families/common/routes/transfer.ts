import type { Hono } from 'hono';
import type { Screen } from '../../../../core/family/screen.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { phaseOf } from '../../../request/status.ts';
import { accountsOf } from '../../../store/accounts.ts';
import { findCustomer } from '../../../store/customers.ts';
import { findTransfer, readTransfer, type TransferRow } from '../../../store/transfers.ts';
import { readOtp } from '../../../token/code-input.ts';
import { currentState, isHardware, otpUse } from '../../../token/state.ts';
import { TRANSFER } from '../../../transfer/kind.ts';
import { executeEntered } from '../../../transfer/steps.ts';
import type { Html } from '../../../web/html.ts';
import { type BankContext, formToken, type PageStatus, show, showError } from '../../../web/render.ts';
import type { Waiters } from '../../../web/waiters.ts';
import type { RequestState } from '../pages/request.ts';
import {
  codeContent,
  directContent,
  doneContent,
  transferConfirmedFacts,
  transferFacts,
  transferWords,
} from '../pages/transfer.ts';
import type { TransferFamily } from '../transfer-family.ts';
import { passwordOf, type RequestAgain, requestRoutes, requestView, submissionFor } from './request.ts';

/** The pages of an entered transfer. */
export function transferRoutes(
  app: Hono<BankEnv>,
  dependencies: BankDependencies,
  waiters: Waiters,
  family: TransferFamily,
): void {
  const codeIn = (c: BankContext) => readOtp(c.get('form').get('otp'));

  requestRoutes(app, dependencies, waiters, {
    kind: TRANSFER,
    password: family.password,
    find: findTransfer,
    show: async (c, { id }, again, status) =>
      showTransfer(c, dependencies, family, await readTransfer(dependencies.db, id), again, status),
    unasked: (c, { id }) => {
      const input = codeIn(c);
      const code = input.kind === 'code' ? input.code : undefined;
      return executeEntered(dependencies, c.get('site').institution, id, { needsOtp: family.needsOtp, code });
    },
    unaskedErrors: async (c, { id }) => {
      const input = codeIn(c);
      const row = await readTransfer(dependencies.db, id);
      const asked = input.kind === 'wrong' && (await confirming(c, dependencies, row)) === 'code';
      return asked ? [input.error] : [];
    },
    home: '/transfer',
  });
}

async function showTransfer(
  c: BankContext,
  dependencies: BankDependencies,
  family: TransferFamily,
  row: TransferRow,
  again: RequestAgain,
  status: PageStatus = 200,
): Promise<Response> {
  const path = TRANSFER.pathOf(row.id);
  const how = row.state === 'entered' ? await confirming(c, dependencies, row) : 'nothing';
  if (how === undefined) return showError(c, dependencies, 503);
  // Only the input page asks the token.
  if (how === 'token') return c.redirect(`${path}/edit`, 303);
  const accounts = await accountsOf(dependencies.db, row.customer_id);
  const from = accounts.find((account) => account.id === row.from_account);
  const state = {
    ...again,
    institution: c.get('site').institution,
    row,
    path,
    words: transferWords(row, path),
    facts: transferFacts(row, from),
    confirmedFacts: transferConfirmedFacts(row),
    password: await passwordOf(dependencies, family.password, row, again),
    formToken: formToken(dependencies, c.get('visitor').id),
    submission: submissionFor(c, dependencies, TRANSFER, row),
  };
  const { screen, content } = viewOf(family, row, state, how);
  return show(c, dependencies, { screen, content, path }, status);
}

/** What confirms a transfer besides the password; undefined if the token service does not answer. */
async function confirming(
  c: BankContext,
  dependencies: BankDependencies,
  row: TransferRow,
): Promise<'token' | 'code' | 'nothing' | undefined> {
  if (row.kind === 'own') return 'nothing';
  const customer = await findCustomer(dependencies.db, row.customer_id);
  const state = await currentState(dependencies, c.get('site').institution, customer);
  if (state === undefined || otpUse(state) !== 'in-use') return state && 'nothing';
  return isHardware(state) ? 'code' : 'token';
}

function viewOf(
  { screens }: TransferFamily,
  row: TransferRow,
  state: RequestState,
  how: 'code' | 'nothing',
): { readonly screen: Screen; readonly content: Html } {
  const own = row.kind === 'own';
  const asked = row.confirmation_id !== null;
  if (phaseOf(row) === 'entered') {
    return {
      screen: own ? screens.ownConfirm : screens.directConfirm,
      content: how === 'code' ? codeContent(state) : directContent(state),
    };
  }
  const choose = (confirmed: Screen, direct: Screen, between: Screen) =>
    own ? between : asked ? confirmed : direct;
  const choices = {
    waiting: screens.transferWaiting,
    running: asked ? screens.transferRunning : (screens.directRunning ?? screens.transferRunning),
    complete: choose(screens.transferComplete, screens.directComplete, screens.ownComplete),
    stopped: choose(screens.transferStopped, screens.directStopped, screens.ownStopped),
  };
  return requestView(state, choices, () => doneContent(row, state.facts));
}
