import type { Customer } from '../pages/bank.ts';
import type { Stage } from '../stage.ts';
import { type IssuedToken, obtainToken } from './issue.ts';

type On = Pick<Stage, 'bank' | 'token' | 'system'>;

/** Puts a token into use where the bank asks for a signature: 初期設定, and 利用開始, which goes on by itself. */
export async function putIntoUseBySignature(on: On, customer: Customer): Promise<IssuedToken> {
  const { token } = on;
  const issued = await obtainToken(on, customer);
  await token.page.bringToFront();
  await token.enrol(issued);
  await startBySignature(on);
  return issued;
}

/** 利用開始 of a token that is set up. */
export async function startBySignature({ bank }: Pick<On, 'bank'>): Promise<void> {
  await bank.page.bringToFront();
  await bank.openOtpMenu();
  await bank.pressAndGo('ワンタイムパスワード利用開始');
  await bank.see('ワンタイムパスワード利用開始（ソフトウェアトークン完了）');
}
