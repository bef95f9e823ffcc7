import type { Page } from 'puppeteer';
import { Screen } from './screen.ts';

/** A customer of the demo. */
export interface Customer {
  readonly loginId: string;
  readonly mail: string;
}

export const TARO: Customer = { loginId: 'taro0001', mail: 'taro@mail.example' };
export const HANAKO: Customer = { loginId: 'hanako01', mail: 'hanako@mail.example' };

export const LOGIN_PASSWORD = 'login1234';
export const CONFIRMATION_PASSWORD = 'kakunin1234';
export const ACTIVATION_PASSWORD = '246801';

const OTP = 'ワンタイムパスワード';

/** The internet bank, in the words of its guides. */
export class Bank extends Screen {
  readonly url: string;

  constructor(page: Page, url: string) {
    super(page);
    this.url = url;
  }

  /** Brings the page to the front first: the token fills nothing on a page in the background. */
  override async press(name: string): Promise<void> {
    await this.page.bringToFront();
    await super.press(name);
  }

  override async pressAndGo(name: string): Promise<void> {
    await this.page.bringToFront();
    await super.pressAndGo(name);
  }

  /** Logs in with ID and password in a fresh session; ends on BLI023 or the top page. */
  async login(customer: Pick<Customer, 'loginId'>, password = LOGIN_PASSWORD): Promise<void> {
    await this.forgetSession();
    await this.loginAlso(customer, password);
  }

  /** Logs in without ending other sessions of the browser. */
  async loginAlso({ loginId }: Pick<Customer, 'loginId'>, password = LOGIN_PASSWORD): Promise<void> {
    await this.page.bringToFront();
    await this.page.goto(`${this.url}/`);
    await this.type('ログインID', loginId);
    await this.type('ログインパスワード', password);
    await this.pressAndGo('ログイン');
  }

  /** Deletes the session's cookie, as closing the browser does. */
  async forgetSession(): Promise<void> {
    const browser = this.page.browser();
    const host = new URL(this.url).hostname;
    const own = (await browser.cookies()).filter(({ domain }) => domain === host);
    await browser.deleteCookie(...own);
  }

  /** Goes on in a session that was begun elsewhere. */
  async takeSession(cookies: ReadonlyMap<string, string>): Promise<void> {
    const { hostname: domain } = new URL(this.url);
    const own = [...cookies].map(([name, value]) => ({ name, value, domain, path: '/', httpOnly: true }));
    await this.page.browser().setCookie(...own);
  }

  async logout(): Promise<void> {
    await this.pressAndGo('ログアウト');
  }

  /** Clicks as the guides that name a submenu do: the menu's entry, and the one of the same name on what it opens. */
  async openOtpSubmenu(): Promise<void> {
    await this.pressAndGo('ワンタイムパスワード申請');
    await this.pressAndGo('ワンタイムパスワード申請');
    await this.see('ワンタイムパスワード申請内容選択');
  }

  /** Opens BOP001 from the menu. */
  async openOtpMenu(): Promise<void> {
    await this.page.goto(`${this.url}/otp`);
    await this.see('ワンタイムパスワード申請内容選択');
  }

  /** Fills in BOT001: address and 利用開始パスワード. */
  async enterIssue(mail: string, activationPassword = ACTIVATION_PASSWORD): Promise<void> {
    await this.openOtpMenu();
    await this.pressAndGo('トークン発行');
    await this.fillIssue(mail, activationPassword);
  }

  /** Fills in BOT001 and sends it; ends on its confirmation. */
  async fillIssue(mail: string, activationPassword = ACTIVATION_PASSWORD): Promise<void> {
    await this.see('トークン発行（ソフトウェアトークン発行情報入力）');
    await this.type('送信先メールアドレス', mail);
    await this.type('送信先メールアドレス（確認用）', mail);
    await this.type('利用開始パスワード', activationPassword);
    await this.type('利用開始パスワード（確認用）', activationPassword);
    await this.pressAndGo('次へ');
    await this.see('トークン発行（ソフトウェアトークン発行情報入力内容確認）');
  }

  /** Sends the confirmation; ends on BOT002. */
  async confirmIssue(mailPassword?: string): Promise<void> {
    await this.type('確認用パスワード', CONFIRMATION_PASSWORD);
    if (mailPassword !== undefined) await this.type('メール通知パスワード', mailPassword);
    await this.pressAndGo('確定する');
    await this.see('トークン発行（ソフトウェアトークン発行完了）');
  }

  async openActivation(): Promise<void> {
    await this.openOtpMenu();
    await this.pressAndGo('ワンタイムパスワード利用開始');
    await this.see('ワンタイムパスワード利用開始（ソフトウェアトークン確認）');
  }

  async activate(): Promise<void> {
    await this.pressAndGo('利用開始する');
    await this.see('ワンタイムパスワード利用開始（ソフトウェアトークン完了）');
  }

  async openRelease(): Promise<void> {
    await this.openOtpMenu();
    await this.pressAndGo('ワンタイムパスワード利用解除');
    await this.see('ワンタイムパスワード利用解除（利用解除確認）');
  }

  /** Sends BOS001; the code is in its field already. */
  async release(): Promise<void> {
    await this.type('確認用パスワード', CONFIRMATION_PASSWORD);
    await this.pressAndGo('解除する');
    await this.see('ワンタイムパスワード利用解除（利用解除完了）');
  }

  /** 有効期限 on BOP001, which is at 09:00 in Japan: Unix milliseconds. */
  async tokenEnd(): Promise<number> {
    await this.openOtpMenu();
    const [, year, month, day] = /有効期限\s*(\d{4})年(\d\d)月(\d\d)日 09:00/.exec(await this.text()) ?? [];
    return Date.UTC(Number(year), Number(month) - 1, Number(day));
  }

  async openRenewal(): Promise<void> {
    await this.openOtpMenu();
    await this.pressAndGo('有効期限の更新');
    await this.see('ワンタイムパスワード有効期限の更新（更新確認）');
  }

  async renew(): Promise<void> {
    await this.pressAndGo('更新する');
    await this.see('ワンタイムパスワード有効期限の更新（更新完了）');
  }

  /** 新しい端末でのトークン利用, up to 初期設定 on the new device. */
  async beginReplacement(): Promise<void> {
    await this.openOtpMenu();
    await this.pressAndGo('新しい端末でのトークン利用');
    await this.see('新しい端末でのトークン利用（利用開始パスワードの登録）');
    await this.type('利用開始パスワード', ACTIVATION_PASSWORD);
    await this.type('利用開始パスワード（確認用）', ACTIVATION_PASSWORD);
    await this.type('確認用パスワード', CONFIRMATION_PASSWORD);
    await this.pressAndGo('次へ');
    await this.see('新しい端末でのトークン利用（新しい端末の初期設定）');
  }

  /** Asks the old token, after 初期設定 on the new device. @returns the 確認番号 */
  async askAboutNewDevice(): Promise<string> {
    await this.page.goto(`${this.url}/otp/replace`);
    return this.askForChange('新しい端末でのトークン利用');
  }

  /** 確定する; ends where the new token's code is asked for. */
  async settleNewDevice(): Promise<void> {
    await this.type('確認用パスワード', CONFIRMATION_PASSWORD);
    await this.pressAndGo('確定する');
    await this.pressAndGo('利用開始へ進む');
    await this.see('新しい端末でのトークン利用（利用開始）');
  }

  async startNewDevice(): Promise<void> {
    await this.pressAndGo('利用開始する');
    await this.see('新しい端末でのトークン利用（完了）');
  }

  /** Enters a 振込 to a registered payee and presses 「確認画面」. */
  async enterTransfer(amount: number, payee = 'ミホン ジロウ'): Promise<void> {
    await this.page.goto(`${this.url}/transfer/new`);
    await this.see('振込（振込先・金額の入力）');
    await this.choose('登録済みの振込先', payee);
    await this.type('お振込金額', String(amount));
    await this.pressAndGo('確認画面');
  }

  /** Enters a 振込 that the token is asked about. @returns the 確認番号 */
  async requestTransfer(amount: number, payee?: string): Promise<string> {
    await this.enterTransfer(amount, payee);
    await this.see('振込（取引認証）');
    return this.confirmationNumber();
  }

  /** Enters a 振込 to a payee of this name who is not registered. */
  async requestTransferTo(payee: string, amount: number): Promise<string> {
    await this.page.goto(`${this.url}/transfer/new`);
    await this.see('振込（振込先・金額の入力）');
    await this.tick('新しい振込先を入力する');
    await this.type('金融機関', '9911');
    await this.type('支店', '001');
    await this.type('口座番号', '1234567');
    await this.type('お振込先人名', payee);
    await this.type('お振込金額', String(amount));
    await this.pressAndGo('確認画面');
    await this.see('振込（取引認証）');
    return this.confirmationNumber();
  }

  /** ご利用サービスの変更 → 振込・振替限度額の変更; 次へ asks the token. @returns the 確認番号 */
  async requestLimit(yen: number): Promise<string> {
    await this.openService('振込・振替限度額の変更');
    await this.type('変更後の限度額', String(yen));
    return this.askForChange('振込・振替限度額の変更');
  }

  /** ご利用サービスの変更 → メールアドレスの変更; 次へ asks the token. @returns the 確認番号 */
  async requestAddress(address: string): Promise<string> {
    await this.openService('メールアドレスの変更');
    await this.type('新しいメールアドレス', address);
    await this.type('新しいメールアドレス（確認用）', address);
    return this.askForChange('メールアドレスの変更');
  }

  /** A page of ご利用サービスの変更, by its button. */
  async openService(name: string): Promise<void> {
    await this.page.goto(`${this.url}/services`);
    await this.see('ご利用サービスの変更');
    await this.pressAndGo(name);
    await this.see(`${name}（変更内容の入力）`);
  }

  private async askForChange(name: string): Promise<string> {
    await this.pressAndGo('次へ');
    await this.see(`${name}（取引認証）`);
    return this.confirmationNumber();
  }

  /** Changes the text under a label, as another bank or malware might. */
  async rewrite(label: string, text: string): Promise<void> {
    await this.page.bringToFront();
    await this.page.evaluate(
      (wanted, written) => {
        const terms = [...document.querySelectorAll('dt')].filter(
          ({ textContent }) => textContent?.trim() === wanted,
        );
        if (terms.length === 0) throw new Error(`no 「${wanted}」`);
        for (const { nextElementSibling } of terms) nextElementSibling?.replaceChildren(written);
      },
      label,
      text,
    );
  }

  /** Marks the open document, to tell it from one that is loaded in its place. */
  async markDocument(): Promise<void> {
    await this.page.evaluate(() => Object.assign(globalThis, { marked: true }));
  }

  isMarkedDocument(): Promise<boolean> {
    return this.page.evaluate(() => Reflect.get(globalThis, 'marked') === true);
  }

  /** Navigates within the document, as pages do that keep their place in the address. */
  async changeAddress(): Promise<void> {
    await this.page.evaluate(() => {
      history.pushState(null, '', location.href);
      history.replaceState(null, '', '#here');
    });
  }

  async confirmationNumber(): Promise<string> {
    const [, number] = /確認番号\s*([0-9]{2})/.exec(await this.text()) ?? [];
    if (number === undefined) throw new Error('the page shows no 確認番号');
    return number;
  }

  /** Waits until the page shows that the transfer is confirmed, then gives the password and presses 確定する. */
  async settleTransfer(password = CONFIRMATION_PASSWORD): Promise<void> {
    await this.type('確認用パスワード', password);
    await this.pressAndGo('確定する');
  }

  /** The balance of the paying account, in yen. */
  async balance(): Promise<number> {
    await this.page.goto(`${this.url}/top`);
    const [, yen = ''] = /¥\s*([0-9,]+)/.exec(await this.text()) ?? [];
    return Number(yen.replaceAll(',', ''));
  }

  /** Waits until the token has filled 取引認証コード. @returns the code */
  async filledConfirmationCode(): Promise<string> {
    return this.filled('取引認証コード');
  }

  async typeCode(code: string): Promise<void> {
    await this.type(OTP, code);
  }

  /** The present text of the code's field. */
  code(): Promise<string> {
    return this.valueOf(OTP);
  }

  /** Waits until the token has filled the code. @returns the code */
  async filledCode(): Promise<string> {
    return this.filled(OTP);
  }

  /** Leaves a page that waits for a code or a signature, if this is one. */
  async leaveCode(): Promise<void> {
    const asks = await this.page.evaluate(
      (label) =>
        document.querySelector('input[name="challenge"]') !== null ||
        [...document.querySelectorAll('label')].some((name) => name.textContent?.trim() === label),
      OTP,
    );
    if (asks) await this.page.goto('about:blank');
  }

  /** Waits until the page asks the token to sign; it asks for no code then. */
  async asksForSignature(): Promise<void> {
    await this.read('トークンアプリが、この画面の');
  }

  /** 確認番号 of what the token is asked to sign. */
  challengeNumber(): Promise<string> {
    return this.confirmationNumber();
  }

  /** The id of the challenge that the page carries. */
  challenge(): Promise<string> {
    return this.page.$eval('input[type="hidden"][name="challenge"]', (field) => field.value);
  }

  /** Asks for the field to type a code in, for the rest of the session. */
  async useCode(): Promise<void> {
    await this.pressAndGo('ワンタイムパスワードを入力する');
  }

  /** Has the token sign again, instead of a code. */
  async useSignature(): Promise<void> {
    await this.pressAndGo('トークンアプリで確認する');
  }

  /** Sends BLI023. */
  async enterCode(): Promise<void> {
    await this.pressAndGo('次へ');
  }

  /** サービスID, ユーザID or 新しい端末のシリアルNo, as the page shows it. */
  async shown(label: 'サービスID' | 'ユーザID' | '新しい端末のシリアルNo'): Promise<string> {
    const text = (await this.text()).replace(/\s+/g, ' ');
    const [, value] = new RegExp(`${label} ([0-9]+)`).exec(text) ?? [];
    if (value === undefined) throw new Error(`the page shows no ${label}`);
    return value;
  }
}
