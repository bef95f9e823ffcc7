import { TARO } from '../pages/bank.ts';
import type { Stage } from '../stage.ts';

/** ログイン with the code that the token fills; ends on the top page. */
export async function signIn({ bank }: Pick<Stage, 'bank'>): Promise<void> {
  await bank.login(TARO);
  await bank.filledCode();
  await bank.enterCode();
  await bank.see('トップページ');
}
