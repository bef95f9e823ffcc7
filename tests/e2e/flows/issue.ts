import { ACTIVATION_PASSWORD, type Bank, CONFIRMATION_PASSWORD, type Customer } from '../pages/bank.ts';
import type { Stage } from '../stage.ts';
import type { System } from '../system.ts';
import { Visitor } from './visitor.ts';

/** What the customer needs for 初期設定. */
export interface IssuedToken {
  readonly serviceId: string;
  readonly userId: string;
  readonly activationPassword: string;
}

/** トークン発行 from BOP001 to BOT002 for a logged-in customer; reads the メール通知パスワード from the mail, if there is one. */
export async function issueToken(bank: Bank, system: System, { mail }: Customer): Promise<IssuedToken> {
  await bank.enterIssue(mail);
  const { emailPassword } = system.institution.rules;
  await bank.confirmIssue(emailPassword ? await mailPassword(system, mail) : undefined);
  return {
    serviceId: await bank.shown('サービスID'),
    userId: await bank.shown('ユーザID'),
    activationPassword: ACTIVATION_PASSWORD,
  };
}

/** The メール通知パスワード of the latest mail. */
export async function mailPassword(system: System, mail: string): Promise<string> {
  const { text } = await system.mail(mail, 'メール通知パスワード');
  const [password] = /\b[0-9]{8}\b/.exec(text) ?? [];
  if (password === undefined) throw new Error('the mail holds no メール通知パスワード');
  return password;
}

/**
 * トークン発行, where no story is about it: from the login on, by plain requests. The browser is in their session afterwards.
 */
export async function obtainToken(
  { bank, system }: Pick<Stage, 'bank' | 'system'>,
  customer: Customer,
): Promise<IssuedToken> {
  const visitor = new Visitor(bank.url);
  const issued = await issueTo(visitor, system, customer);
  await bank.takeSession(visitor.cookies);
  return issued;
}

/** Likewise for a token in use: only 初期設定 is done in a browser. */
export async function putIntoUse(
  { bank, token, system }: Pick<Stage, 'bank' | 'token' | 'system'>,
  customer: Customer,
  suffix?: string,
): Promise<IssuedToken> {
  const visitor = new Visitor(bank.url);
  const issued = await issueTo(visitor, system, customer);
  await token.page.bringToFront();
  await token.enrol({ ...issued, ...(suffix !== undefined && { suffix }) });
  const activation = await visitor.open('/otp/activate');
  const done = await visitor.send(activation, '/otp/activate', { otp: await token.code() });
  if (!done.includes('利用開始（ソフトウェアトークン完了）')) throw new Error(`not put into use: ${done}`);
  await bank.takeSession(visitor.cookies);
  await bank.page.bringToFront();
  return issued;
}

async function issueTo(visitor: Visitor, system: System, customer: Customer): Promise<IssuedToken> {
  const { mail } = customer;
  await visitor.login(customer);
  const confirmation = await visitor.send(await visitor.open('/otp/issue'), '/otp/issue', {
    email: mail,
    email_again: mail,
    activation_password: ACTIVATION_PASSWORD,
    activation_password_again: ACTIVATION_PASSWORD,
  });
  const done = await visitor.send(confirmation, '/otp/issue/confirm', {
    confirmation_password: CONFIRMATION_PASSWORD,
    ...(system.institution.rules.emailPassword && { mail_password: await mailPassword(system, mail) }),
  });
  const shown = (name: string) => {
    const [, value] = new RegExp(`<dt>${name}</dt><dd>.*?([0-9]+)`).exec(done) ?? [];
    if (value === undefined) throw new Error(`the page shows no ${name}: ${done}`);
    return value;
  };
  return {
    serviceId: shown('サービスID'),
    userId: shown('ユーザID'),
    activationPassword: ACTIVATION_PASSWORD,
  };
}
