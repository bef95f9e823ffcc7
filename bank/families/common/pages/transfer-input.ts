import { yen } from '../../../format.ts';
import type { Account, Payee } from '../../../store/accounts.ts';
import {
  ACCOUNT_TYPE_NAMES,
  type Found,
  findBank,
  findBranch,
  type TransferInput,
  type Way,
} from '../../../transfer/input.ts';
import { banner, choiceRow, errorSummary, fieldRow, form, radios, section } from '../../../web/form.ts';
import { type Html, html, nothing } from '../../../web/html.ts';
import type { SubmissionState } from './state.ts';

export interface TransferInputState extends SubmissionState {
  readonly input: TransferInput;
  readonly accounts: readonly Account[];
  readonly payees: readonly Payee[];
  /** What the customer can still transfer today, in yen; undefined if that is unknown. */
  readonly leftToday: number | undefined;
  /** Whether the button asks the customer's token. */
  readonly asksToken: boolean;
  /** The most that one transfer may be, in yen, if the token shows no details. */
  readonly mostAtOnce: number | undefined;
  /** What was just searched for: the list is shown with the focus. */
  readonly searched?: 'bank' | 'branch' | undefined;
}

const WAY_LABELS: Record<Way, string> = {
  registered: '登録済みの振込先から選ぶ',
  new: '新しい振込先を入力する',
  own: 'お客さまご自身の口座へ振り替える',
};

/** 振込先・金額の入力. It works without scripts: a search sends the form. */
export function transferInputContent(state: TransferInputState): Html {
  const { formToken, submission, errors, notice, input, accounts, leftToday, asksToken, mostAtOnce } = state;
  return html`${errorSummary(errors)}${notice ? banner('caution', notice) : nothing}
<p class="lead">振込先と金額を入力し、「確認画面」ボタンを押して下さい。${asksToken ? 'お振込の場合は、トークンアプリに取引認証の通知が届きます。' : ''}</p>
${form({
  action: '/transfer/new',
  formToken,
  submission,
  // Enter presses the first button of a form: this hidden one acts like the button at the end, not like a search.
  content: html`<button hidden tabindex="-1" aria-hidden="true"></button>
${section(
  '出金口座',
  choiceRow(
    { name: 'from_account', label: '出金口座', choices: accounts.map(accountChoice), chosen: input.from },
    errors,
  ),
)}
${section(
  '振込先',
  html`${radios('way', '振込先の指定方法', ways(state), { chosen: input.way })}
<div class="way way-registered">${registered(state)}</div>
<div class="way way-new">${newPayee(state)}</div>
<div class="way way-own">${own(state)}</div>`,
)}
${section(
  '金額',
  fieldRow(
    {
      name: 'amount',
      label: 'お振込金額',
      hint: '(半角数字・円)',
      type: 'text',
      inputmode: 'numeric',
      autocomplete: 'off',
      maxlength: 30,
      value: input.amount,
      ...(leftToday !== undefined && { note: amountNote(leftToday, mostAtOnce) }),
    },
    errors,
  ),
)}`,
  buttons: { primary: '確認画面', back: { label: '戻る', path: '/transfer' } },
})}`;
}

const amountNote = (leftToday: number, mostAtOnce: number | undefined): string => {
  const left = `本日あと${yen(leftToday)}までお取引いただけます。`;
  if (mostAtOnce === undefined) return left;
  return `${left}ハードウェアトークンでのお振込は、1件あたり${yen(mostAtOnce)}までです。`;
};

const ways = ({ payees, accounts }: TransferInputState) =>
  (['registered', 'new', 'own'] as const)
    .filter((way) => (way === 'registered' ? payees.length > 0 : way === 'new' || accounts.length > 1))
    .map((value) => ({ value, label: WAY_LABELS[value] }));

/** `普通 1000001 残高 3,000,000円（本店営業部）`. The branch comes last: it is what a narrow screen may cut off. */
function accountChoice({ id, type, number, branch_name, balance }: Account) {
  const label = `${ACCOUNT_TYPE_NAMES[type]} ${number} 残高 ${yen(Number(balance))}（${branch_name}）`;
  return { value: id, label };
}

const NONE = { value: '', label: '選択してください' };

function registered({ payees, input, errors }: TransferInputState): Html {
  if (payees.length === 0) return nothing;
  const choices = payees.map((payee) => ({
    value: payee.id,
    label: `${payee.name}（${payee.bank_name} ${payee.branch_name} ${ACCOUNT_TYPE_NAMES[payee.account_type]} ${payee.account_number}）`,
  }));
  return choiceRow(
    { name: 'registered', label: '登録済みの振込先', choices: [NONE, ...choices], chosen: input.registered },
    errors,
  );
}

function own({ accounts, input, errors, mostAtOnce }: TransferInputState): Html {
  if (accounts.length < 2) return nothing;
  const choices = [NONE, ...accounts.map(accountChoice)];
  return html`${choiceRow({ name: 'own', label: '振替先の口座', choices, chosen: input.own }, errors)}
<p class="note">ご自身の口座への振替には、${mostAtOnce === undefined ? '取引認証' : 'ワンタイムパスワード'}は必要ありません。</p>`;
}

function newPayee(state: TransferInputState): Html {
  const { input, errors } = state;
  return html`${fieldRow(
    {
      name: 'bank',
      label: '金融機関',
      hint: '(名称または金融機関コード4桁)',
      type: 'text',
      autocomplete: 'off',
      maxlength: 60,
      value: input.bank,
      after: html`<button class="button button-secondary button-search" name="search" value="bank">金融機関を検索</button>${foundList(
        'bank',
        findBank(input),
        state,
      )}`,
    },
    errors,
  )}${fieldRow(
    {
      name: 'branch',
      label: '支店',
      hint: '(名称または支店コード3桁)',
      type: 'text',
      autocomplete: 'off',
      maxlength: 60,
      value: input.branch,
      after: html`<button class="button button-secondary button-search" name="search" value="branch">支店を検索</button>${foundList(
        'branch',
        findBranch(input),
        state,
      )}`,
    },
    errors,
  )}${choiceRow(
    {
      name: 'account_type',
      label: '預金種目',
      choices: Object.entries(ACCOUNT_TYPE_NAMES).map(([value, label]) => ({ value, label })),
      chosen: input.accountType,
    },
    errors,
  )}${fieldRow(
    {
      name: 'account_number',
      label: '口座番号',
      hint: '(半角数字7桁)',
      type: 'text',
      inputmode: 'numeric',
      autocomplete: 'off',
      maxlength: 20,
      value: input.accountNumber,
    },
    errors,
  )}${fieldRow(
    {
      name: 'payee',
      label: 'お振込先人名',
      hint: '(カナ・漢字・英数字、48文字以内)',
      type: 'text',
      autocomplete: 'off',
      maxlength: 200,
      value: input.payee,
      wide: true,
    },
    errors,
  )}`;
}

/** The search results; shown once something was typed or searched for. */
function foundList(
  what: 'bank' | 'branch',
  found: Found<{ readonly code: string; readonly name: string }>,
  { input, searched }: TransferInputState,
): Html {
  const focus = searched === what;
  if ((`${input[what]}${input[`${what}Code`]}` === '' && !focus) || found.kind === 'none') return nothing;
  const label = (entry: { readonly code: string; readonly name: string }) => `${entry.name}（${entry.code}）`;
  const name = what === 'bank' ? 'bank_code' : 'branch_code';
  if (found.kind === 'one') {
    return html`<input type="hidden" name="${name}" value="${found.entry.code}"><p class="found" role="status">${label(found.entry)}</p>`;
  }
  const legend = what === 'bank' ? '金融機関の検索結果' : '支店の検索結果';
  const choices = found.entries.map((entry) => ({ value: entry.code, label: label(entry) }));
  return radios(name, legend, choices, { chosen: '', focus });
}
