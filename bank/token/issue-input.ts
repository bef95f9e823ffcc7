import { normaliseDigits } from '../../core/otp/code.ts';
import { addressError } from '../web/address.ts';
import type { FieldError } from '../web/form.ts';

/** The input of BOT001 as typed. */
export interface IssueInput {
  readonly email: string;
  readonly emailAgain: string;
  readonly activationPassword: string;
  readonly activationPasswordAgain: string;
}

const ACTIVATION_PASSWORD = /^[0-9]{4,8}$/;

export function readIssueInput(form: ReadonlyMap<string, string>): IssueInput {
  const text = (name: string) => (form.get(name) ?? '').trim();
  return {
    email: text('email'),
    emailAgain: text('email_again'),
    activationPassword: normaliseDigits(text('activation_password')),
    activationPasswordAgain: normaliseDigits(text('activation_password_again')),
  };
}

/** What is wrong, in the order of the fields; empty if nothing is. */
export function issueInputErrors(input: IssueInput): FieldError[] {
  return [emailError(input), activationPasswordError(input)].filter((error) => error !== undefined);
}

const emailError = ({ email, emailAgain }: IssueInput) =>
  addressError('送信先メールアドレス', { email, emailAgain });

/** What is wrong with the 利用開始パスワード, which is typed twice. */
export function activationPasswordError(
  input: Pick<IssueInput, 'activationPassword' | 'activationPasswordAgain'>,
): FieldError | undefined {
  const { activationPassword, activationPasswordAgain } = input;
  if (!ACTIVATION_PASSWORD.test(activationPassword)) {
    return {
      field: 'activation_password',
      message: '利用開始パスワードは、半角数字4～8桁で入力してください。',
    };
  }
  return activationPassword === activationPasswordAgain
    ? undefined
    : {
        field: 'activation_password_again',
        message: '利用開始パスワードと利用開始パスワード（確認用）に同じ内容を入力してください。',
      };
}
