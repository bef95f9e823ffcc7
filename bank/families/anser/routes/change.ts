import type { Hono } from 'hono';
import { canonicalText } from '../../../../core/transaction/details.ts';
import type { TransactionOf } from '../../../../core/transaction/types.ts';
import { enteredAs } from '../../../change/change.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { hmac } from '../../../keys.ts';
import { askToConfirm } from '../../../request/ask.ts';
import { followRequest } from '../../../request/decision.ts';
import type { RequestKind } from '../../../request/kind.ts';
import { type ChangeRow, enterChange, findChange, readChange } from '../../../store/changes.ts';
import type { Customer } from '../../../store/customers.ts';
import { readRequest } from '../../../store/requests.ts';
import type { ChangeType } from '../../../store/schema.ts';
import { answer, type FormAgain } from '../../../web/answer.ts';
import { type Fact, facts } from '../../../web/form.ts';
import type { Html } from '../../../web/html.ts';
import { type BankContext, formToken, type PageStatus, show } from '../../../web/render.ts';
import type { Waiters } from '../../../web/waiters.ts';
import type { RequestState, RequestWords } from '../../common/pages/request.ts';
import {
  passwordOf,
  type RequestAgain,
  type RequestScreens,
  requestRoutes,
  requestView,
  submissionFor,
} from '../../common/routes/request.ts';
import {
  changeConfirmedFacts,
  changeDoneContent,
  changeDoneFacts,
  doneBefore,
  endedBefore,
} from '../pages/change.ts';
import { CONFIRMATION_PASSWORD } from '../second-password.ts';

/** The pages of one type of change. */
export interface ChangePages<T extends ChangeType> {
  readonly type: T;
  readonly kind: RequestKind;
  /** Path of the form. */
  readonly input: string;
  readonly screens: RequestScreens;
  readonly words: RequestWords;
  facts(transaction: TransactionOf<T>): readonly Fact[];
  /** Shown once it is done. */
  done(accepted: Accepted<T>): Html;
}

/** A change that was made. */
interface Accepted<T extends ChangeType> {
  readonly row: ChangeRow;
  readonly transaction: TransactionOf<T>;
  /** What was entered. */
  readonly entered: readonly Fact[];
  readonly now: number;
}

/** 受付完了 of a type of change. @param note what the customer should know about it */
export const accepted =
  <T extends ChangeType>(type: T, note: (transaction: TransactionOf<T>, now: number) => string) =>
  ({ row, transaction, entered, now }: Accepted<T>): Html =>
    changeDoneContent({ type, note: note(transaction, now), facts: changeDoneFacts(row, entered) });

/** The pages of a change, from the question to the token until it is done. */
export function changeRoutes<T extends ChangeType>(
  app: Hono<BankEnv>,
  dependencies: BankDependencies,
  waiters: Waiters,
  pages: ChangePages<T>,
): void {
  requestRoutes(app, dependencies, waiters, {
    kind: pages.kind,
    password: CONFIRMATION_PASSWORD,
    find: (db, customerId, id) => findChange(db, customerId, pages.type, id),
    show: async (c, { id }, again, status) =>
      showChange(c, dependencies, pages, await readChange(dependencies.db, id), again, status),
    home: pages.input,
  });
}

async function showChange<T extends ChangeType>(
  c: BankContext,
  dependencies: BankDependencies,
  pages: ChangePages<T>,
  row: ChangeRow,
  again: RequestAgain,
  status: PageStatus = 200,
): Promise<Response> {
  const { kind, type, input, words, screens } = pages;
  // Nobody has asked the token yet; only the form does that.
  if (row.state === 'entered') return c.redirect(input, 303);
  const path = kind.pathOf(row.id);
  const transaction = await enteredAs(dependencies.db, type, row.id);
  const entered = pages.facts(transaction);
  const state: RequestState = {
    ...again,
    institution: c.get('site').institution,
    row,
    path,
    words,
    facts: facts(entered),
    confirmedFacts: changeConfirmedFacts(row, entered),
    password: await passwordOf(dependencies, CONFIRMATION_PASSWORD, row, again),
    formToken: formToken(dependencies, c.get('visitor').id),
    submission: submissionFor(c, dependencies, kind, row),
  };
  const view = requestView(state, screens, () =>
    pages.done({ row, transaction, entered, now: dependencies.clock() }),
  );
  return show(c, dependencies, { ...view, path }, status);
}

interface Entered<T extends ChangeType> {
  readonly customer: Customer;
  /** The token to ask. */
  readonly userId: string;
  /** The submission of the form. */
  readonly submission: string;
  readonly transaction: TransactionOf<T>;
  /** Shows the form again; without a submission it is a new form. */
  readonly showForm: (again: FormAgain, status: PageStatus) => Response | Promise<Response>;
}

/** 次へ: makes one change and asks one question for each form and its input, however often the form is sent. */
export async function askForChange<T extends ChangeType>(
  c: BankContext,
  dependencies: BankDependencies,
  { type, kind }: Pick<ChangePages<T>, 'type' | 'kind'>,
  { customer, userId, submission, transaction, showForm }: Entered<T>,
): Promise<Response> {
  const { db, keys, clock } = dependencies;
  const { institution } = c.get('site');
  const details = canonicalText(transaction);
  const id = hmac(keys.forms, JSON.stringify(['change', submission, details]));
  await enterChange(
    db,
    { id, institution: institution.key, customerId: customer.id, type, details },
    clock(),
  );
  const known = await readRequest(db, kind.table, id);
  const { row } = await followRequest(dependencies, institution, kind, known);
  if (row.state === 'waiting' || row.state === 'executing') return c.redirect(kind.pathOf(id), 303);
  if (row.state !== 'entered') {
    const { button } = kind.words;
    const notice = row.state === 'done' ? doneBefore(button) : endedBefore(button);
    return showForm({ errors: [], notice }, 409);
  }
  const outcome = await askToConfirm(dependencies, institution, kind, row, userId);
  return answer(
    c,
    { submission, outcome },
    { showForm: ({ errors, notice }, status) => showForm(again(errors, notice, submission), status) },
  );
}

/** Keeps the submission, so that the form finds what it made before. */
const again = (errors: FormAgain['errors'], notice: string | undefined, submission: string): FormAgain => ({
  errors,
  submission,
  ...(notice !== undefined && { notice }),
});
