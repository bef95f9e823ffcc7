import type { FillReport } from '../../core/messages/fill.ts';
import { type ContentScripts, contentScripts } from '../e2e/fixtures/content-script.ts';
import { putIntoUseBySignature } from '../e2e/flows/signed.ts';
import { Visitor } from '../e2e/flows/visitor.ts';
import { Bank, type Customer, HANAKO, LOGIN_PASSWORD, TARO } from '../e2e/pages/bank.ts';
import { Token } from '../e2e/pages/token.ts';
import { PATIENCE_MS } from '../e2e/patience.ts';
import type { Stage } from '../e2e/stage.ts';
import type { SystemOptions } from '../e2e/system.ts';
import { institutionOf } from '../institutions.ts';
import { type Attacker, startAttacker } from './attacker.ts';
import { bankPage, type PageParts } from './pages.ts';
import { StandIn } from './stand-in.ts';

const CUSTOMERS = { aomoriken: TARO, akagi: HANAKO } as const;

type Key = keyof typeof CUSTOMERS;

/** Two institutions on one origin; each customer's token is in use at their own. */
export const SHARING = {
  institution: 'aomoriken',
  sharing: Object.keys(CUSTOMERS),
  login: ['signed', 'code'],
} satisfies SystemOptions;

/** The field that carries a challenge. */
export const carrying = (challenge: string, type = 'hidden') =>
  `<input type="${type}" name="challenge" value="${challenge}">`;

/** A login in a session of somebody else's, which waits for the customer's signature. */
export class Waiting {
  readonly #visitor: Visitor;
  readonly #base: string;
  #page = '';

  private constructor(bankUrl: string) {
    this.#visitor = new Visitor(bankUrl);
    this.#base = new URL(bankUrl).pathname;
  }

  static async at(bankUrl: string, { loginId }: Customer): Promise<Waiting> {
    const waiting = new Waiting(bankUrl);
    const start = await waiting.#visitor.open(`${waiting.#base}/`);
    waiting.#page = await waiting.#send('/login', { login_id: loginId, password: LOGIN_PASSWORD }, start);
    return waiting;
  }

  get challenge(): string {
    return this.#found(/name="challenge" value="([^"]+)"/);
  }

  /** Sends the page's form, also with another challenge than its own. @returns whether that leads into the customer's account */
  async getsIn(challenge = this.challenge): Promise<boolean> {
    return (await this.#send('/login/otp', { challenge })).includes('トップページ</h1>');
  }

  /** Waits for it no more. */
  async leave(): Promise<void> {
    await this.#send('/login/otp/way', { way: 'code' });
  }

  #send(path: string, fields: Readonly<Record<string, string>>, page = this.#page): Promise<string> {
    return this.#visitor.send(page, this.#base + path, fields);
  }

  #found(what: RegExp): string {
    const [, found] = what.exec(this.#page) ?? [];
    if (found === undefined) throw new Error(`no ${what} in the page`);
    return found;
  }
}

/** A browser with tokens that sign, a tab for pages at the bank's own address, and the attacker's server. */
export class SigningArena {
  readonly stage: Stage;
  readonly attacker: Attacker;
  readonly scripts: ContentScripts;
  readonly #standIn: StandIn;
  #waiting: Waiting[] = [];

  private constructor(stage: Stage, attacker: Attacker, standIn: StandIn, scripts: ContentScripts) {
    this.stage = stage;
    this.attacker = attacker;
    this.#standIn = standIn;
    this.scripts = scripts;
  }

  static async on(stage: Stage): Promise<SigningArena> {
    const { browser, bank, system, token } = stage;
    await putIntoUseBySignature(stage, TARO);
    const other = new Bank(await browser.newPage(), system.bankUrlOf('akagi'));
    const adding = new Token(await browser.openTokenPage('add'));
    const akagi = { ...system, institution: institutionOf('akagi') };
    await putIntoUseBySignature({ bank: other, token: adding, system: akagi }, HANAKO);
    await other.page.close();
    await adding.page.close();
    const scripts = await contentScripts(browser, token.page);
    return new SigningArena(stage, await startAttacker(), await StandIn.in(bank.page), scripts);
  }

  get page() {
    return this.stage.bank.page;
  }

  get tokenPage() {
    return this.stage.token.page;
  }

  /** Leaves the last page, and whatever still waits. */
  async end(): Promise<void> {
    await this.page.goto('about:blank');
    this.#standIn.clear();
    const waiting = this.#waiting;
    this.#waiting = [];
    await Promise.all(waiting.map((one) => one.leave()));
  }

  /** A login that waits elsewhere, until the test is over. */
  async login(at?: Key): Promise<Waiting> {
    const waiting = await this.longLogin(at);
    this.#waiting.push(waiting);
    return waiting;
  }

  /** A login that waits elsewhere, until it is left. */
  longLogin(at: Key = 'aomoriken'): Promise<Waiting> {
    return Waiting.at(this.stage.system.bankUrlOf(at), CUSTOMERS[at]);
  }

  url = (path = '/login/otp') => `${this.stage.system.bankUrl}${path}`;

  /** BLI023 with a challenge, as the bank would show it, changed in some parts. */
  html(challenge: string, parts: PageParts = {}): string {
    const whose = `<header>${institutionOf('aomoriken').name}</header>`;
    return bankPage({ tells: false, before: whose, line: carrying(challenge), ...parts }, this.attacker);
  }

  /** Opens a page at an address of the bank's. */
  async open(html: string, url = this.url()): Promise<void> {
    this.#standIn.put(url, { html });
    await this.page.bringToFront();
    await this.page.goto(url);
  }

  /** Has something else be at an address. */
  put = (url: string, html: string) => this.#standIn.put(url, { html });

  /** What the extension makes of such a page, by itself and when the customer asks. */
  async play(challenge: string, parts?: PageParts, url?: string): Promise<string> {
    await this.open(this.html(challenge, parts), url);
    const byItself = await this.outcome();
    return byItself === 'signed' ? byItself : this.asked();
  }

  /** What became of the page by itself. */
  outcome = async (): Promise<string> => said((await this.scripts.settled(1))[0]);

  /** What becomes of the page where the customer asks. */
  asked = async (): Promise<string> => said((await this.scripts.wish())[0]);

  /** Waits until the page has asked. */
  async asks(): Promise<void> {
    await this.until(async () => (await this.scripts.ask('page.report'))[0]?.kind === 'signing', 'signing');
  }

  async until(condition: () => Promise<boolean>, what: string): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (!(await condition())) {
      if (Date.now() > end) throw new Error(`${what} did not come`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** What the service answers to somebody who has no proof of the device. */
  post(urls: readonly string[], body: object): Promise<number[]> {
    return this.tokenPage.evaluate(
      (places, sent) => {
        const request = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: sent };
        return Promise.all(places.map(async (place) => (await fetch(place, request)).status));
      },
      urls,
      JSON.stringify(body),
    );
  }

  /** How often the background has been told what waits. Chromium alone tells. */
  async timesListed(): Promise<number> {
    const { browser } = this.stage.browser;
    const target = browser.targets().find((one) => one.type() === 'service_worker');
    const names = await (await target?.worker())?.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => name),
    );
    return (names ?? []).filter((name) => name.endsWith('/v1/token/challenges')).length;
  }
}

const said = (report: FillReport | undefined): string =>
  report === undefined
    ? 'no content script'
    : 'reason' in report
      ? `${report.kind}: ${report.reason}`
      : report.kind;
