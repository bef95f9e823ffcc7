import { REASON_MOST, reasonSchema } from '../../core/api/staff.ts';
import type { Institution } from '../../core/institution/directory.ts';
import { yen } from '../format.ts';
import { yenOf } from '../transfer/amount.ts';
import { addressError } from '../web/address.ts';
import type { FieldError } from '../web/form.ts';
import { ACTS, type ActName } from './acts.ts';

/** What a clerk typed for an act. */
export interface ActInput {
  readonly reason: string;
  /** From the paper; empty for other acts. */
  readonly email: string;
  /** The new 限度額; empty for other acts. */
  readonly limit: string;
  /** Id of the paired device; empty for other acts. */
  readonly device: string;
}

export function readActInput(form: ReadonlyMap<string, string>): ActInput {
  const text = (name: string) => (form.get(name) ?? '').trim();
  return { reason: text('reason'), email: text('email'), limit: text('limit'), device: text('device') };
}

/** What is wrong, in the order of the fields; empty where nothing is. @param most the highest limit there can be, in yen */
export function actInputErrors(
  act: ActName,
  { reason, email, limit, device }: ActInput,
  most: number,
): FieldError[] {
  const { takes } = ACTS[act];
  const wrong = [
    takes === 'email' ? addressError('メールアドレス', { email, emailAgain: email }) : undefined,
    takes === 'limit' ? limitError(limit, most) : undefined,
    takes === 'device' ? deviceError(device) : undefined,
    reasonError('理由', reason),
  ];
  return wrong.filter((error) => error !== undefined);
}

/** @param id of the device; the token service knows whether there is one */
const deviceError = (id: string): FieldError | undefined =>
  /^[A-Za-z0-9_-]{22}$/.test(id) ? undefined : { field: 'device', message: 'パソコンを選択してください。' };

function limitError(typed: string, most: number): FieldError | undefined {
  const field = 'limit';
  const value = yenOf(typed);
  if (typed === '') return { field, message: '変更後の限度額を入力してください。' };
  if (value === undefined) return { field, message: '変更後の限度額は数字で入力してください。' };
  return value > most
    ? { field, message: `変更後の限度額は${yen(most)}以下で入力してください。` }
    : undefined;
}

/** @param label of the row it was typed in */
export function reasonError(label: string, reason: string): FieldError | undefined {
  const field = 'reason';
  if (reason === '') return { field, message: `${label}を入力してください。` };
  if (reasonSchema.safeParse(reason).success) return undefined;
  return reason.length > REASON_MOST
    ? { field, message: `${label}は${REASON_MOST}文字以内で入力してください。` }
    : { field, message: `${label}に改行や目に見えない文字が含まれています。1行で入力し直してください。` };
}

/** Questions to ask the customer before an act; empty where there are none. */
export const questionsBefore = (act: ActName, { rules }: Institution): readonly string[] =>
  ACTS[act].asksCaller ? (rules.callerQuestions ?? []) : [];

/** Name of the checkbox of a question. */
export const questionField = (index: number): string => `asked-${index + 1}`;

/** The questions that are not ticked, in their order. */
export const unasked = (
  questions: readonly string[],
  form: ReadonlyMap<string, string>,
): readonly FieldError[] =>
  questions.flatMap((question, index) =>
    form.get(questionField(index)) === 'yes'
      ? []
      : [{ field: questionField(index), message: `確認していない項目があります：${question}` }],
  );
