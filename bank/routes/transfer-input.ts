import type { Hono } from 'hono';
import type { BankDependencies, BankEnv } from '../context.ts';
import { openSession } from '../guard.ts';
import type { FieldError } from '../pages/form.ts';
import { transferInputContent } from '../pages/transfer-input.ts';
import { transferMenuContent } from '../pages/transfer-menu.ts';
import { type BankContext, formToken, type PageStatus, show, showError } from '../render.ts';
import { SCREENS } from '../screens.ts';
import { newSessionId } from '../session.ts';
import { accountsOf, payeesOf } from '../store/accounts.ts';
import { type Customer, findCustomer } from '../store/customers.ts';
import {
  detailsOf,
  enterTransfer,
  findTransfer,
  recentTransfers,
  type TransferRow,
} from '../store/transfers.ts';
import { obstacle } from '../transfer/execute.ts';
import {
  type CheckedInput,
  type Choices,
  checkTransferInput,
  EMPTY_INPUT,
  findBank,
  findBranch,
  readTransferInput,
  type TransferInput,
} from '../transfer/input.ts';
import { limitNow, usedToday } from '../transfer/limits.ts';
import { type OtpUse, otpUseOf, stoppedNotice } from '../transfer/otp-use.ts';
import { yen } from '../yen.ts';

const HISTORY_SHOWN = 20;

/** 振込・振替: the menu, and 振込先・金額の入力. */
export function transferInputRoutes(app: Hono<BankEnv>, dependencies: BankDependencies): void {
  app.get('/transfer', async (c) => {
    const asking = await whoAsks(c, dependencies);
    return asking === undefined ? showError(c, dependencies, 503) : showMenu(c, dependencies, asking);
  });
  app.get('/transfer/new', (c) =>
    whenAllowed(c, dependencies, (asking) =>
      showInput(c, dependencies, asking, { input: firstInput(asking), errors: [] }, 200),
    ),
  );
  app.post('/transfer/new', (c) =>
    whenAllowed(c, dependencies, (asking) => takeInput(c, dependencies, asking)),
  );
  app.get('/transfer/:id/edit', (c) =>
    whenAllowed(c, dependencies, async (asking) => {
      const row = await findTransfer(dependencies.db, asking.customer.id, c.req.param('id'));
      if (row === undefined) return showError(c, dependencies, 404);
      return showInput(c, dependencies, asking, { input: inputOf(row, asking.choices), errors: [] }, 200);
    }),
  );
}

interface Asking {
  readonly customer: Customer;
  readonly choices: Choices;
  readonly otpUse: OtpUse;
  readonly limit: number;
  readonly used: number;
}

/** @returns undefined where the token service cannot say whether the OTP is in use */
async function whoAsks(c: BankContext, dependencies: BankDependencies): Promise<Asking | undefined> {
  const { db, clock } = dependencies;
  const { institution } = c.get('site');
  const customer = await findCustomer(db, openSession(c).customerId);
  const otpUse = await otpUseOf(dependencies, institution, customer);
  if (otpUse === undefined) return undefined;
  const choices = {
    institution,
    holder: customer.name,
    accounts: await accountsOf(db, customer.id),
    payees: await payeesOf(db, customer.id),
  };
  const limit = limitNow(customer, institution, otpUse === 'in-use', clock());
  return { customer, choices, otpUse, limit, used: await usedToday(db, customer.id, clock()) };
}

async function whenAllowed(
  c: BankContext,
  dependencies: BankDependencies,
  next: (asking: Asking) => Response | Promise<Response>,
): Promise<Response> {
  const asking = await whoAsks(c, dependencies);
  if (asking === undefined) return showError(c, dependencies, 503);
  return asking.otpUse === 'stopped' ? showMenu(c, dependencies, asking) : next(asking);
}

async function showMenu(c: BankContext, dependencies: BankDependencies, asking: Asking): Promise<Response> {
  const { institution } = c.get('site');
  const stopped = asking.otpUse === 'stopped';
  const content = transferMenuContent({
    limit: asking.limit,
    usedToday: asking.used,
    transfers: await recentTransfers(dependencies.db, asking.customer.id, HISTORY_SHOWN),
    refusal: stopped ? stoppedNotice(institution) : undefined,
  });
  return show(c, dependencies, { screen: SCREENS.transfer, content, path: '/transfer' }, stopped ? 409 : 200);
}

function firstInput({ choices }: Asking): TransferInput {
  const from = choices.accounts[0]?.id ?? '';
  return { ...EMPTY_INPUT, from, way: choices.payees.length > 0 ? 'registered' : 'new' };
}

/** What was typed, from what came of it. */
function inputOf(row: TransferRow, { accounts, payees }: Choices): TransferInput {
  const { bank, branch, accountType, accountNumber, payee, amount } = detailsOf(row);
  const common = { ...EMPTY_INPUT, from: row.from_account, amount: String(amount) };
  const same = (code: string, type: string, number: string) =>
    code === branch.code && type === accountType && number === accountNumber;
  const own = accounts.find((account) => same(account.branch_code, account.type, account.number));
  if (row.kind === 'own' && own !== undefined) return { ...common, way: 'own', own: own.id };
  const registered = payees.find(
    (known) =>
      known.bank_code === bank.code &&
      known.name === payee &&
      same(known.branch_code, known.account_type, known.account_number),
  );
  if (registered !== undefined) return { ...common, way: 'registered', registered: registered.id };
  return {
    ...common,
    way: 'new',
    bank: bank.name,
    bankCode: bank.code,
    branch: branch.name,
    branchCode: branch.code,
    accountType,
    accountNumber,
    payee,
  };
}

async function takeInput(c: BankContext, dependencies: BankDependencies, asking: Asking): Promise<Response> {
  const { db, clock, randomBytes } = dependencies;
  const input = readTransferInput(c.get('form'));
  const searched = (['bank', 'branch'] as const).find((what) => what === c.get('form').get('search'));
  if (searched !== undefined) return showSearch(c, dependencies, asking, input, searched);
  const checked = checkTransferInput(input, asking.choices);
  const errors = checked.kind === 'wrong' ? checked.errors : await moneyErrors(dependencies, asking, checked);
  if (checked.kind === 'wrong' || errors.length > 0) {
    return showInput(c, dependencies, asking, { input, errors }, 422);
  }
  const id = newSessionId({ randomBytes });
  const entered = {
    id,
    institution: c.get('site').institution.key,
    customerId: asking.customer.id,
    kind: checked.transferKind,
    fromAccount: checked.from.id,
    transfer: checked.transfer,
  };
  await enterTransfer(db, entered, clock());
  return c.redirect(`/transfer/${id}`, 303);
}

/** Said early and at the field; what counts is judged again when the money moves. */
async function moneyErrors(
  { db, clock }: BankDependencies,
  { customer, limit, used }: Asking,
  { from, transfer }: Extract<CheckedInput, { kind: 'entered' }>,
): Promise<FieldError[]> {
  const row = { customer_id: customer.id, from_account: from.id, amount: transfer.amount };
  const found = await obstacle(db, row, limit, clock());
  if (found === undefined) return [];
  const message =
    found === 'limit'
      ? `一日あたりの振込・振替限度額（${yen(limit)}）を超えています。本日あと${yen(Math.max(0, limit - used))}までお取引いただけます。`
      : '出金口座の残高が不足しています。金額または出金口座を変更してください。';
  return [{ field: 'amount', message }];
}

function showSearch(
  c: BankContext,
  dependencies: BankDependencies,
  asking: Asking,
  typed: TransferInput,
  searched: 'bank' | 'branch',
): Response | Promise<Response> {
  const input: TransferInput = { ...typed, way: 'new' };
  const bank = findBank(input);
  const found = searched === 'bank' ? bank : findBranch(input);
  const message =
    searched === 'branch' && bank.kind !== 'one'
      ? '先に金融機関を指定してください。'
      : '該当がありません。名称の一部、読み、またはコードを入力してください。';
  const errors = found.kind === 'none' ? [{ field: searched, message }] : [];
  const status = errors.length > 0 ? 422 : 200;
  return showInput(c, dependencies, asking, { input, errors, searched }, status);
}

interface InputAgain {
  readonly input: TransferInput;
  readonly errors: readonly FieldError[];
  readonly searched?: 'bank' | 'branch';
}

function showInput(
  c: BankContext,
  dependencies: BankDependencies,
  { choices, limit, used, otpUse }: Asking,
  again: InputAgain,
  status: PageStatus,
): Response | Promise<Response> {
  const content = transferInputContent({
    formToken: formToken(dependencies, c.get('visitor').id),
    ...again,
    accounts: choices.accounts,
    payees: choices.payees,
    leftToday: Math.max(0, limit - used),
  });
  const screen = otpUse === 'in-use' ? SCREENS.transferInput : SCREENS.directInput;
  return show(c, dependencies, { screen, content, path: '/transfer/new' }, status);
}
