import { DEMO_CONTRACTS } from '../../../bank/store/demo.ts';
import { waitIn } from '../wait-in.ts';
import { Bank, LOGIN_PASSWORD } from './bank.ts';

/** A contract of the demo. */
export type Contract = (typeof DEMO_CONTRACTS)[number];

export const [TARO_CONTRACT] = DEMO_CONTRACTS;

/** The buttons below the login. */
export type Procedure = '利用開始' | '交換' | '利用中止' | '再同期';

/** The internet bank of a shinkin bank, in the words of its guide. */
export class ShinkinBank extends Bank {
  /** ログイン with 契約者ID and password, in a fresh session. */
  override async loginAlso({ loginId }: Pick<Contract, 'loginId'>, password = LOGIN_PASSWORD): Promise<void> {
    await this.page.bringToFront();
    await this.page.goto(`${this.url}/`);
    await this.identify(loginId, password);
    await this.pressAndGo('ログイン');
  }

  /** Presses one of the buttons below the login and passes its 利用者認証; ends on its form. */
  async begin(procedure: Procedure, { loginId }: Pick<Contract, 'loginId'>): Promise<void> {
    await this.forgetSession();
    await this.page.bringToFront();
    await this.page.goto(`${this.url}/`);
    await this.pressAndGo(procedure);
    await this.see(`ワンタイムパスワード${procedure}（利用者認証）`);
    await this.identify(loginId, LOGIN_PASSWORD);
    await this.pressAndGo('次へ');
    await this.see(`ワンタイムパスワード${procedure === '利用開始' ? '登録' : procedure}`);
  }

  private async identify(loginId: string, password: string): Promise<void> {
    await this.type('契約者ID（利用者番号）', loginId);
    await this.type('ログインパスワード', password);
  }

  /** Types the two digits of the 資金移動用パスワード that the page asks for. */
  async typePositions({ positional }: Pick<Contract, 'positional'>): Promise<void> {
    for (const position of await this.positions()) {
      await this.type(`左から${position}桁目`, positional[position - 1] ?? '');
    }
  }

  /** The positions that the page asks for, counted from the left. */
  async positions(): Promise<readonly number[]> {
    const [, first, second] = /左から([0-9]+)、([0-9]+)桁目/.exec(await this.text()) ?? [];
    if (first === undefined || second === undefined) throw new Error('no positions are asked for');
    return [Number(first), Number(second)];
  }

  /** Waits until the token has filled シリアル番号. @returns the シリアル番号 */
  async filledSerial(label = 'シリアル番号'): Promise<string> {
    await this.page.bringToFront();
    const field = await this.field(label);
    await field.evaluate((input) => input.scrollIntoView({ block: 'center' }));
    await waitIn(this.page, (input) => input.value !== '', field);
    return this.valueOf(label);
  }

  /** What a device shows: the シリアル番号 on it, and two codes in a row. */
  async typeDevice(serial: string, codes: readonly [string, string]): Promise<void> {
    await this.type('シリアル番号', serial);
    await this.typePair(codes);
  }

  /** Two codes in a row of the device in use. */
  async typePair(codes: readonly [string, string]): Promise<void> {
    await this.typeCode(codes[0]);
    await this.type('次のワンタイムパスワード', codes[1]);
  }

  /** The present choice of ログイン時のワンタイムパスワード認証可否. */
  chosenLoginOtp(): Promise<string> {
    return this.page.$eval('input[type="radio"]:checked', (input) =>
      [...((input as HTMLInputElement).labels ?? [])].map(({ innerText }) => innerText.trim()).join(),
    );
  }

  /** Completes a 振込 that the token has confirmed. */
  async settleByPositions(contract: Pick<Contract, 'positional'>): Promise<void> {
    await this.typePositions(contract);
    await this.pressAndGo('確定する');
  }
}
