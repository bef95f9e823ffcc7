import { normaliseDigits } from '../../core/otp/code.ts';
import type { FieldError } from '../web/form.ts';

/** What BOT001 was filled in with, as typed. */
export interface IssueInput {
  readonly email: string;
  readonly emailAgain: string;
  readonly activationPassword: string;
  readonly activationPasswordAgain: string;
}

/** One address of plain ASCII and nothing else: it also goes into a mail's header. */
const EMAIL =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const MAX_EMAIL = 254;

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

/** What is wrong, in the order of the fields; empty where nothing is. */
export function issueInputErrors(input: IssueInput): FieldError[] {
  return [emailError(input), activationPasswordError(input)].filter((error) => error !== undefined);
}

function emailError({ email, emailAgain }: IssueInput): FieldError | undefined {
  if (email === '') return { field: 'email', message: '送信先メールアドレスを入力してください。' };
  if (email.length > MAX_EMAIL || !EMAIL.test(email)) {
    return {
      field: 'email',
      message: '送信先メールアドレスは、半角英数字記号で「taro@example.jp」のように入力してください。',
    };
  }
  return email === emailAgain
    ? undefined
    : {
        field: 'email_again',
        message: '送信先メールアドレスと送信先メールアドレス（確認用）に同じ内容を入力してください。',
      };
}

function activationPasswordError(input: IssueInput): FieldError | undefined {
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
