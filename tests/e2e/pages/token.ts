import en from '../../../public/_locales/en/messages.json' with { type: 'json' };
import ja from '../../../public/_locales/ja/messages.json' with { type: 'json' };
import { PATIENCE_MS } from '../patience.ts';
import { Screen } from './screen.ts';

type Key = keyof typeof ja;
type EnrolInput = Record<'serviceId' | 'userId' | 'activationPassword', string>;

/** The token: full page, popup or companion. Its texts are looked up in `_locales`, in the language it shows. */
export class Token extends Screen {
  /** Its browser's: it stays the same. */
  #language: 'ja' | 'en' | undefined;

  /** 初期設定, from its form to the code, with an optional 追加文言. */
  async enrol(input: EnrolInput & { suffix?: string }): Promise<void> {
    await this.fillEnrolment(input);
    await this.send();
    await this.finishEnrolment(input.suffix);
  }

  /**
   * シリアル番号のトークンを作る, from where it is offered: 初期設定 or トークン追加.
   * @param another one is here that is not registered yet
   * @returns its シリアル番号
   */
  async make(institution: string, another = false): Promise<string> {
    await this.pressWord('makeTitle');
    await this.tick(institution);
    await this.tick(await this.word('agree'));
    await this.pressWord('makeDo');
    if (another) await this.pressWord('makeAnother');
    await this.finishEnrolment();
    return this.serial();
  }

  /** Waits for the シリアル番号 next to the code. */
  async serial(): Promise<string> {
    const found = await this.wait(() => document.querySelector('.serial-digits')?.textContent);
    return String(await found.jsonValue());
  }

  async fillEnrolment(input: EnrolInput): Promise<void> {
    await this.type(await this.word('serviceId'), input.serviceId);
    await this.type(await this.word('userId'), input.userId);
    await this.type(await this.word('activationPassword'), input.activationPassword);
    await this.tick(await this.word('agree'));
  }

  async send(): Promise<void> {
    await this.press(await this.word('send'));
  }

  /** From 初期設定完了 to the code: the display name, the caution and, the first time, ロックの設定. */
  async finishEnrolment(suffix = '', lock: () => Promise<void> = () => this.chooseNoLock()): Promise<void> {
    await this.press(await this.word('next'));
    await this.see(await this.word('nameTitle'));
    if (suffix !== '') await this.type(await this.word('suffixAfter'), suffix);
    await this.press(await this.word('register'));
    await this.see(await this.word('cautionTitle'));
    await this.press(await this.word('ok'));
    const setup = await this.word('lockSetupTitle');
    await this.wait(
      (title) =>
        document.querySelector('h1')?.textContent === title || document.querySelector('output.code') !== null,
      setup,
    );
    if ((await this.heading()) === setup) await lock();
    await this.code();
  }

  /** 「設定しない」 */
  async chooseNoLock(): Promise<void> {
    await this.pressWord('lockNone');
  }

  /** Types 新しいPIN twice. */
  async typeNewPin(pin: string): Promise<void> {
    await this.type(await this.word('pinNew'), pin);
    await this.type(await this.word('pinAgain'), pin);
  }

  /** Tries a PIN and waits for the result. */
  async tryPin(pin: string): Promise<void> {
    await this.type(await this.word('pinLabel'), pin);
    await this.pressWord('unlock');
    // the field is empty or gone
    await this.wait(() => (document.querySelector<HTMLInputElement>('#pin')?.value ?? '') === '');
  }

  async unlockWithPin(pin: string): Promise<void> {
    await this.tryPin(pin);
    await this.code();
  }

  /** Some attributes of the field with this label. */
  async attributes(label: Key, names: string[]): Promise<Record<string, string | null>> {
    const field = await this.field(await this.word(label));
    return field.evaluate(
      (input, wanted) => Object.fromEntries(wanted.map((name) => [name, input.getAttribute(name)])),
      names,
    );
  }

  /** Whether the page asks translators to leave it alone, in the ways that browsers and Google Translate respect. */
  async refusesTranslation(): Promise<boolean> {
    return this.page.evaluate(
      () =>
        !document.documentElement.translate &&
        document.querySelector<HTMLMetaElement>('meta[name="google"]')?.content === 'notranslate',
    );
  }

  /** Opens 詳しく of the page behind the popup. @returns its text */
  async details(): Promise<string> {
    await this.wait(() => document.querySelector('.page-details summary'));
    await this.page.click('.page-details summary');
    return this.page.$eval('.page-details pre', ({ textContent }) => textContent ?? '');
  }

  /** 設定 → 入力のしかた, from the code. */
  async openFillMode(): Promise<void> {
    await this.pressWord('settings');
    await this.pressWord('fillModeTitle');
    await this.see(await this.word('fillModeTitle'));
  }

  /** The name of the present choice, as soon as it is known. */
  async chosen(): Promise<string> {
    await this.wait(() => document.querySelector('input:checked'));
    return this.page.$eval('input:checked', (input) =>
      [...((input as HTMLInputElement).labels ?? [])].map(({ innerText }) => innerText).join(),
    );
  }

  /** Chooses the option above the present one with the keyboard alone. */
  async chooseAbove(): Promise<void> {
    await this.wait(() => document.querySelector('input:checked'));
    await this.page.focus('input:checked');
    await this.page.keyboard.press('ArrowUp');
  }

  /** 設定 → ロック, from the code. */
  async openLock(): Promise<void> {
    await this.pressWord('settings');
    await this.pressWord('lockTitle');
    await this.see(await this.word('lockTitle'));
  }

  /** 設定 → ロック → PIN, if there was no lock; ends on ロック. */
  async setPin(pin: string): Promise<void> {
    await this.openLock();
    await this.pressWord('lockChange');
    await this.pressWord('lockPin');
    await this.typeNewPin(pin);
    await this.pressWord('pinSet');
    await this.readWord('lockChangedTo', await this.word('lockPin'));
  }

  /** Sets a PIN and locks. */
  async lockWithPin(pin: string): Promise<void> {
    await this.setPin(pin);
    await this.pressWord('lockDo');
    await this.see(await this.word('lockedTitle'));
  }

  async lockNow(): Promise<void> {
    await this.openLock();
    await this.pressWord('lockDo');
    await this.see(await this.word('lockedTitle'));
  }

  /** Reloads the page. Firefox never reports the end of loading of an extension page, so this waits for its content. */
  async reload(): Promise<void> {
    await this.page.evaluate(() => {
      document.documentElement.dataset.before = '';
      location.reload();
    });
    const until = Date.now() + PATIENCE_MS;
    const isThere = () =>
      document.documentElement.dataset.before === undefined && !!document.querySelector('main h1');
    while (!(await this.page.evaluate(isThere).catch(() => false))) {
      if (Date.now() > until) throw new Error('the page did not come back');
    }
  }

  /** Waits for a code on the screen. @returns its digits */
  async code(): Promise<string> {
    const shown = await this.wait(
      () =>
        /^[0-9]{3,4}\s*[0-9]{3,4}$/.exec(
          document.querySelector('.code .code-digits')?.textContent ?? '',
        )?.[0],
    );
    return String(await shown.jsonValue()).replace(/\D/g, '');
  }

  /** Waits until the screen shows this code and no other. */
  async codeIs(code: string): Promise<void> {
    await this.wait(
      (wanted) =>
        document.querySelector('output.code .code-digits')?.textContent?.replace(/\D/g, '') === wanted,
      code,
    );
  }

  /** By how many seconds the ring differs from what is left of a minute by the page's own clock. */
  secondsOff(): Promise<number> {
    return this.page.$eval('[role="timer"]', (ring) =>
      Math.abs(Number(ring.textContent) - 60 + ((Date.now() / 1_000) % 60)),
    );
  }

  /** Whole minutes left to confirm, as the screen shows them. */
  async minutesLeft(): Promise<number> {
    const text = await this.text();
    for (let minutes = 60; minutes > 0; minutes -= 1) {
      if (text.includes(await this.word('spanMinutes', String(minutes)))) return minutes;
    }
    throw new Error(`no minutes in:\n${text}`);
  }

  /** Waits until the page has the same text as before, apart from numbers. */
  async reads(before: string): Promise<void> {
    const words = before.replace(/[0-9\s]+/g, '');
    await this.wait((wanted) => document.body.innerText.replace(/[0-9\s]+/g, '') === wanted, words).catch(
      async (cause: unknown) => {
        throw new Error(`before:\n${before}\nnow:\n${await this.text()}`, { cause });
      },
    );
  }

  /** Whether the screen shows a code now. */
  hasCode(): Promise<boolean> {
    return this.page.$eval('#app', (app) =>
      /[0-9]{6,8}/.test(app.querySelector('.code-digits')?.textContent ?? ''),
    );
  }

  async pressWord(key: Key): Promise<void> {
    await this.press(await this.word(key));
  }

  async readWord(key: Key, ...substitutions: string[]): Promise<void> {
    await this.read(await this.word(key, ...substitutions));
  }

  /** Waits until a text is gone. */
  async lacksWord(key: Key): Promise<void> {
    await this.wait((text) => !document.body.innerText.includes(text), await this.word(key));
  }

  /** Compares the clock with the service's and waits until the token says how far off it is. */
  async checkClock(minutesBehind: number): Promise<void> {
    await this.press(await this.word('clockCheck'));
    await this.wait(() => !document.querySelector('.clock[data-state="measuring"]'));
    await this.read(await this.word('spanMinutes', String(minutesBehind)));
  }

  /** Chooses the token whose name contains `part`. */
  async chooseToken(part: string): Promise<void> {
    await this.pressWord('chooseTitle');
    await this.pressRow(part);
    await this.code();
  }

  /** Waits for 取引認証 under its heading. @returns the text of the screen */
  async question(number: string, heading: Key = 'confirmTitle'): Promise<string> {
    await this.see(await this.word(heading));
    await this.read(number);
    await this.readWord('confirmAgree');
    return this.text();
  }

  /** Ticks the box and presses OK, then OK on the next screen. */
  async confirmTransfer(): Promise<void> {
    await this.confirm('confirmedBody');
  }

  /** The same for a change of the bank's data. */
  async confirmChange(): Promise<void> {
    await this.confirm('changeConfirmedBody');
  }

  /** The same for a token on a new device. */
  async confirmNewDevice(): Promise<void> {
    await this.confirm('newDeviceConfirmedBody');
  }

  private async confirm(unfinished: Key): Promise<void> {
    await this.tick(await this.word('confirmAgree'));
    await this.pressUntil(await this.word('ok'), await this.word(unfinished));
    await this.pressUntil(await this.word('ok'), await this.word(unfinished), false);
  }

  async rejectTransfer(): Promise<void> {
    await this.pressUntil(await this.word('confirmReject'), await this.word('rejectedTitle'));
  }

  /** Presses 心当たりがない and agrees. */
  async disownTransfer(): Promise<void> {
    await this.pressUntil(await this.word('confirmNotMe'), await this.word('notMeLead'));
    await this.pressUntil(await this.word('notMeStop'), await this.word('notMeDoneTitle'));
  }

  /** The 取引認証コード on the screen. */
  async confirmationCode(): Promise<string> {
    await this.see(await this.word('confirmCode'));
    return this.code();
  }

  /** 設定 → 取引認証の履歴 */
  async openHistory(): Promise<void> {
    await this.pressWord('settings');
    await this.pressWord('historyTitle');
    await this.see(await this.word('historyTitle'));
    await this.readWord('decisionConfirmed');
  }

  /** Opens one of several transactions, by its number. */
  async openTransfer(number: string): Promise<void> {
    await this.pressRow(number);
  }

  /** The address of the link with this name. */
  async leadsTo(key: Key, ...substitutions: string[]): Promise<string> {
    const name = await this.word(key, ...substitutions);
    return this.page.$$eval(
      'a[href]',
      (links, wanted) => {
        const link = links.find(({ textContent }) => textContent?.trim() === wanted);
        return link instanceof HTMLAnchorElement ? link.href : '';
      },
      name,
    );
  }

  /** Waits for a heading, which may be there at once, and for what is still being read below it. */
  override async see(heading: string): Promise<void> {
    await super.see(heading);
    await this.wait(() => document.querySelector('section[aria-busy="true"]') === null);
  }

  /** Whether there is an enabled button with this name. */
  async offers(key: Key): Promise<boolean> {
    const name = await this.word(key);
    return this.page.evaluate(
      (wanted) =>
        [...document.querySelectorAll('button')].some((button) => button.textContent?.trim() === wanted),
      name,
    );
  }

  /** 「最新の取引を確認」 */
  async checkForTransfers(): Promise<void> {
    await this.press(await this.word('confirmCheck'));
  }

  /** The beginning of a text, up to its first placeholder. */
  async firstWords(key: Key): Promise<string> {
    const [words = ''] = (await this.word(key, '\u0000')).split('\u0000');
    return words;
  }

  /** Waits for the one of two texts that is in the page's language. */
  async readIn(texts: Record<'ja' | 'en', string | undefined>): Promise<void> {
    const wanted = texts[await this.language()];
    if (wanted === undefined) throw new Error('there is no such text');
    await this.read(wanted);
  }

  async language(): Promise<'ja' | 'en'> {
    if (this.#language) return this.#language;
    const shown = await this.wait(
      () => document.querySelector('#app')?.hasChildNodes() && document.documentElement.lang.slice(0, 2),
    );
    this.#language = (await shown.jsonValue()) === 'ja' ? 'ja' : 'en';
    return this.#language;
  }

  /** A text of the token in the page's language. */
  async word(key: Key, ...substitutions: string[]): Promise<string> {
    const { message } = { ja, en }[await this.language()][key];
    return message.replace(/\$([1-9])/g, (_all, place: string) => substitutions[Number(place) - 1] ?? '');
  }
}
