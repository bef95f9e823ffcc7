import type { Hono } from 'hono';
import { ANSER } from '../../../../core/family/anser.ts';
import type { Screen } from '../../../../core/family/screen.ts';
import type { Places } from '../../../../host/places.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { phaseOf } from '../../../request/status.ts';
import type { RequestWakes } from '../../../request/wakes.ts';
import { accountsOf } from '../../../store/accounts.ts';
import { findCustomer } from '../../../store/customers.ts';
import { findTransfer, readTransfer, type TransferRow } from '../../../store/transfers.ts';
import { otpUseOf } from '../../../token/state.ts';
import { TRANSFER } from '../../../transfer/kind.ts';
import { executeEntered } from '../../../transfer/steps.ts';
import type { Html } from '../../../web/html.ts';
import { type BankContext, formToken, type PageStatus, show, showError } from '../../../web/render.ts';
import type { RequestState } from '../pages/request.ts';
import {
  directContent,
  doneContent,
  transferConfirmedFacts,
  transferFacts,
  transferWords,
} from '../pages/transfer.ts';
import { type RequestAgain, requestRoutes, requestView, submissionFor } from './request.ts';

/** A transfer once it is entered. */
export function transferRoutes(
  app: Hono<BankEnv>,
  dependencies: BankDependencies,
  wakes: RequestWakes,
  waiters: Places,
): void {
  requestRoutes(app, dependencies, wakes, waiters, {
    kind: TRANSFER,
    find: findTransfer,
    show: async (c, { id }, again, status) =>
      showTransfer(c, dependencies, await readTransfer(dependencies.db, id), again, status),
    unasked: (c, { id }) => executeEntered(dependencies, c.get('site').institution, id),
    home: '/transfer',
  });
}

async function showTransfer(
  c: BankContext,
  dependencies: BankDependencies,
  row: TransferRow,
  again: RequestAgain,
  status: PageStatus = 200,
): Promise<Response> {
  const path = TRANSFER.pathOf(row.id);
  if (row.state === 'entered' && row.kind !== 'own') {
    const use = await useNow(c, dependencies, row);
    if (use === undefined) return showError(c, dependencies, 503);
    // Only its input asks the token.
    if (use === 'in-use') return c.redirect(`${path}/edit`, 303);
  }
  const accounts = await accountsOf(dependencies.db, row.customer_id);
  const from = accounts.find((account) => account.id === row.from_account);
  const state = {
    ...again,
    institution: c.get('site').institution,
    row,
    path,
    words: transferWords(path),
    facts: transferFacts(row, from),
    confirmedFacts: transferConfirmedFacts(row),
    formToken: formToken(dependencies, c.get('visitor').id),
    submission: submissionFor(c, dependencies, TRANSFER, row),
  };
  const { screen, content } = viewOf(row, state);
  return show(c, dependencies, { screen, content, path }, status);
}

async function useNow(c: BankContext, dependencies: BankDependencies, row: TransferRow) {
  const customer = await findCustomer(dependencies.db, row.customer_id);
  return otpUseOf(dependencies, c.get('site').institution, customer);
}

function viewOf(row: TransferRow, state: RequestState): { readonly screen: Screen; readonly content: Html } {
  const { screens } = ANSER;
  const own = row.kind === 'own';
  const asked = row.confirmation_id !== null;
  if (phaseOf(row) === 'entered') {
    return { screen: own ? screens.ownConfirm : screens.directConfirm, content: directContent(state) };
  }
  const choose = (confirmed: Screen, direct: Screen, between: Screen) =>
    own ? between : asked ? confirmed : direct;
  const choices = {
    waiting: screens.transferWaiting,
    running: screens.transferRunning,
    complete: choose(screens.transferComplete, screens.directComplete, screens.ownComplete),
    stopped: choose(screens.transferStopped, screens.directStopped, screens.ownStopped),
  };
  return requestView(state, choices, () => doneContent(row, state.facts));
}
