import type { Hono } from 'hono';
import { canonicalText } from '../../../../core/transaction/details.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { yen } from '../../../format.ts';
import { hmac } from '../../../keys.ts';
import { askToConfirm } from '../../../request/ask.ts';
import { followRequest } from '../../../request/decision.ts';
import { enterTransfer, findTransfer, readTransfer, type TransferRow } from '../../../store/transfers.ts';
import { barredBy } from '../../../token/refusals.ts';
import { type CheckedInput, checkTransferInput } from '../../../transfer/check-input.ts';
import { obstacle } from '../../../transfer/execute.ts';
import { findBank, findBranch, readTransferInput, type TransferInput } from '../../../transfer/input.ts';
import { TRANSFER } from '../../../transfer/kind.ts';
import { firstInput, inputOf } from '../../../transfer/prefill.ts';
import { answer, UNAVAILABLE } from '../../../web/answer.ts';
import type { FieldError } from '../../../web/form.ts';
import { type BankContext, formToken, type PageStatus, show, showError } from '../../../web/render.ts';
import { isOurSubmission, newSubmission } from '../../../web/submission.ts';
import { hardwareLimitWords } from '../pages/request.ts';
import { transferInputContent } from '../pages/transfer-input.ts';
import type { TransferFamily } from '../transfer-family.ts';
import { type Asking, showMenu, whenAllowed, whoAsks } from './transfer-menu.ts';

const DONE_BEFORE =
  'この画面からのお取引は、すでに受け付けられています。内容は「振込・振替」のお取引履歴でご確認いただけます。同じ内容でもう一度お申し込みになる場合は、「確認画面」ボタンをもう一度押して下さい。';

const ENDED_BEFORE =
  'この画面からの先のお申込みは終了しており、お取引は行われていません。あらためてお申し込みになる場合は、「確認画面」ボタンをもう一度押して下さい。';

const TO_BE_CONFIRMED =
  'ワンタイムパスワードのご利用中は、お振込に取引認証が必要です。お手続きは行われていません。内容をご確認のうえ、「確認画面」ボタンを押して下さい。';

/** 振込先・金額の入力. */
export function transferInputRoutes(
  app: Hono<BankEnv>,
  dependencies: BankDependencies,
  family: TransferFamily,
): void {
  app.get('/transfer/new', (c) =>
    whenAllowed(c, dependencies, family, (asking) =>
      showInput(
        c,
        dependencies,
        family,
        asking,
        { ...freshForm(c, dependencies), input: firstInput(asking.choices) },
        200,
      ),
    ),
  );
  app.post('/transfer/new', (c) => takeForm(c, dependencies, family));
  app.get('/transfer/:id/edit', (c) =>
    whenAllowed(c, dependencies, family, async (asking) => {
      const row = await findTransfer(dependencies.db, asking.customer.id, c.req.param('id'));
      if (row === undefined) return showError(c, dependencies, 404);
      const asksToken = asking.otpUse === 'in-use' && !asking.hardware;
      const unasked = row.state === 'entered' && row.kind !== 'own' && asksToken;
      const again = {
        ...freshForm(c, dependencies),
        input: inputOf(row, asking.choices),
        notice: unasked ? TO_BE_CONFIRMED : undefined,
      };
      return showInput(c, dependencies, family, asking, again, 200);
    }),
  );
}

/** Takes the form, for 確認画面 or for a search. */
async function takeForm(
  c: BankContext,
  dependencies: BankDependencies,
  family: TransferFamily,
): Promise<Response> {
  const submission = c.get('form').get('submission') ?? '';
  if (!isOurSubmission(dependencies, c.get('visitor').id, 'transfer-input', submission)) {
    return showError(c, dependencies, 403);
  }
  const asking = await whoAsks(c, dependencies);
  if (barredBy(c.get('site').institution, asking.otpUse, family.needsOtp))
    return showMenu(c, dependencies, family, asking);
  const input = readTransferInput(c.get('form'));
  const typed = { submission, input, errors: [] };
  if (asking.otpUse === undefined) {
    return showInput(c, dependencies, family, asking, { ...typed, notice: UNAVAILABLE }, 503);
  }
  const searched = (['bank', 'branch'] as const).find((what) => what === c.get('form').get('search'));
  if (searched !== undefined) return showSearch(c, dependencies, family, asking, typed, searched);
  const checked = await checkTransferInput(dependencies.db, input, asking.choices);
  if (checked.kind === 'wrong') {
    return showInput(c, dependencies, family, asking, { ...typed, errors: checked.errors }, 422);
  }
  return enter(c, dependencies, family, asking, typed, checked);
}

type Entered = Extract<CheckedInput, { kind: 'entered' }>;

/** Makes one transfer for each form and its input, however often the form is sent. */
async function enter(
  c: BankContext,
  dependencies: BankDependencies,
  family: TransferFamily,
  asking: Asking,
  typed: InputAgain,
  checked: Entered,
): Promise<Response> {
  const { db, clock } = dependencies;
  const { customer } = asking;
  const { institution } = c.get('site');
  const id = transferId(dependencies, typed.submission, checked);
  const known = await findTransfer(db, customer.id, id);
  if (known !== undefined && known.state !== 'entered') {
    return showKnown(c, dependencies, family, asking, typed, known);
  }
  const errors = await moneyErrors(dependencies, asking, checked);
  if (errors.length > 0) return showInput(c, dependencies, family, asking, { ...typed, errors }, 422);
  const entered = {
    id,
    institution: institution.key,
    customerId: customer.id,
    kind: checked.transferKind,
    fromAccount: checked.from.id,
    transfer: checked.transfer,
  };
  await enterTransfer(db, entered, clock());
  const asksToken = asking.otpUse === 'in-use' && !asking.hardware && checked.transferKind !== 'own';
  if (!asksToken || customer.user_id === null) {
    return c.redirect(`/transfer/${id}`, 303);
  }
  const row = await readTransfer(db, id);
  const outcome = await askToConfirm(dependencies, institution, TRANSFER, row, customer.user_id);
  return answer(
    c,
    { submission: typed.submission, outcome },
    {
      showForm: ({ errors: wrong, notice }, status) =>
        showInput(c, dependencies, family, asking, { ...typed, errors: wrong, notice }, status),
    },
  );
}

function transferId(
  { keys }: BankDependencies,
  submission: string,
  { transferKind, from, transfer }: Entered,
): string {
  const entered = [submission, transferKind, from.id, canonicalText(transfer)];
  return hmac(keys.forms, JSON.stringify(['transfer', ...entered]));
}

/** The form was sent before: redirects to its transfer; if that has ended, shows a fresh form with a notice. */
async function showKnown(
  c: BankContext,
  dependencies: BankDependencies,
  family: TransferFamily,
  asking: Asking,
  typed: InputAgain,
  known: TransferRow,
): Promise<Response> {
  const { row } = await followRequest(dependencies, c.get('site').institution, TRANSFER, known);
  if (row.state === 'waiting' || row.state === 'executing') return c.redirect(`/transfer/${row.id}`, 303);
  const notice = row.state === 'done' ? DONE_BEFORE : ENDED_BEFORE;
  const again = { ...freshForm(c, dependencies), input: typed.input, notice };
  return showInput(c, dependencies, family, asking, again, 409);
}

/** Checked early, to show the error at the field; the limit and the balance are checked again when the money moves. */
async function moneyErrors(
  { db, clock }: BankDependencies,
  { customer, choices, hardware, limit, used }: Asking,
  { transferKind, from, transfer }: Entered,
): Promise<FieldError[]> {
  const { hardwareLimit = 0 } = choices.institution.rules;
  if (hardware && transferKind !== 'own' && transfer.amount > hardwareLimit) {
    const message = `${hardwareLimitWords(choices.institution)}お振込できません。金額を変更するか、ログイン画面の「交換」でソフトウェアトークンに替えてください。`;
    return [{ field: 'amount', message }];
  }
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
  family: TransferFamily,
  asking: Asking,
  typed: InputAgain,
  searched: 'bank' | 'branch',
): Response | Promise<Response> {
  const input: TransferInput = { ...typed.input, way: 'new' };
  const bank = findBank(input);
  const found = searched === 'bank' ? bank : findBranch(input);
  const message =
    searched === 'branch' && bank.kind !== 'one'
      ? '先に金融機関を指定してください。'
      : '該当がありません。名称の一部、読み、またはコードを入力してください。';
  const errors = found.kind === 'none' ? [{ field: searched, message }] : [];
  const status = errors.length > 0 ? 422 : 200;
  return showInput(c, dependencies, family, asking, { ...typed, input, errors, searched }, status);
}

interface InputAgain {
  /** Stays the same while the form does, so that the form finds what it made before. */
  readonly submission: string;
  readonly input: TransferInput;
  readonly errors: readonly FieldError[];
  readonly notice?: string | undefined;
  readonly searched?: 'bank' | 'branch';
}

function freshForm(c: BankContext, dependencies: BankDependencies) {
  return { submission: newSubmission(dependencies, c.get('visitor').id, 'transfer-input'), errors: [] };
}

function showInput(
  c: BankContext,
  dependencies: BankDependencies,
  family: TransferFamily,
  { choices, limit, used, otpUse, hardware }: Asking,
  again: InputAgain,
  status: PageStatus,
): Response | Promise<Response> {
  const content = transferInputContent({
    formToken: formToken(dependencies, c.get('visitor').id),
    ...again,
    accounts: choices.accounts,
    payees: choices.payees,
    // The limit depends on whether the OTP is in use.
    leftToday: otpUse === undefined ? undefined : Math.max(0, limit - used),
    asksToken: otpUse === 'in-use' && !hardware,
    mostAtOnce: hardware ? (choices.institution.rules.hardwareLimit ?? 0) : undefined,
  });
  const { directInput, transferInput } = family.screens;
  const screen = otpUse === 'not-in-use' || hardware ? directInput : transferInput;
  return show(c, dependencies, { screen, content, path: '/transfer/new' }, status);
}
