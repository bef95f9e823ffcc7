import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Page } from 'puppeteer';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { FillReport } from '../../core/messages/fill.ts';
import { type ContentScripts, contentScripts, forgetFilledSteps } from '../e2e/fixtures/content-script.ts';
import { putIntoUse } from '../e2e/flows/issue.ts';
import { ownBuild } from '../e2e/own-build.ts';
import { TARO } from '../e2e/pages/bank.ts';
import { PATIENCE_MS } from '../e2e/patience.ts';
import { type Stage, useStage } from '../e2e/stage.ts';
import type { BrowserKind } from '../e2e/test-browser.ts';
import { waitIn } from '../e2e/wait-in.ts';
import { type Attacker, startAttacker } from './attacker.ts';
import { codesOf, holdAnswers, letAnswersGo } from './extension-page.ts';
import { bankPage, type PageParts } from './pages.ts';
import { StandIn } from './stand-in.ts';

/** This many digits of a code in a row are part of it; fewer may be a port or a date. */
const TELLING_DIGITS = 6;

const HOUR_OF_STEPS = 60;

/** A browser with a token in use, a tab for the attacks, and the attacker's server. */
export class Arena {
  readonly stage: Stage;
  readonly attacker: Attacker;
  readonly standIn: StandIn;
  readonly scripts: ContentScripts;
  #firstStep = 0;
  /** Codes by step, as far as they were asked for: the token stays the same. */
  readonly #codes = new Map<number, string>();
  #killed = false;

  private constructor(stage: Stage, attacker: Attacker, standIn: StandIn, scripts: ContentScripts) {
    this.stage = stage;
    this.attacker = attacker;
    this.standIn = standIn;
    this.scripts = scripts;
  }

  static async on(stage: Stage): Promise<Arena> {
    await putIntoUse(stage, TARO);
    await stage.bank.page.bringToFront();
    await letPagesReachLoopback(stage);
    const scripts = await contentScripts(stage.browser, stage.token.page);
    return new Arena(stage, await startAttacker(), await StandIn.in(stage.bank.page), scripts);
  }

  get kind(): BrowserKind {
    return this.stage.browser.kind;
  }

  /** The tab the attacks are made in. */
  get page(): Page {
    return this.stage.bank.page;
  }

  get #tokenPage(): Page {
    return this.stage.token.page;
  }

  /** An address of the bank's. */
  bankUrl(path = '/ib/index.do?PT=BS&CCT0080=9904'): string {
    return `${this.stage.system.bankUrl}${path}`;
  }

  /** Where the extension's own files are, as somebody would know who has it too. */
  get extensionBase(): string {
    return new URL(this.#tokenPage.url()).href.replace(/token\.html.*/, '');
  }

  /** Every file of the extension. */
  get files(): string[] {
    const folder = this.kind === 'chromium' ? 'chrome-mv3' : 'firefox-mv3';
    return readdirSync(join(ownBuild().output, folder), { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.includes('.'),
    );
  }

  /** Clears the field for the next attack: no step is spent, nothing has been received. */
  async begin(): Promise<void> {
    // The page before may be about to ask once more.
    await this.page.goto('about:blank');
    this.standIn.clear();
    this.attacker.forget();
    await this.forgetSteps();
    this.#firstStep = step();
  }

  /** As if a minute had gone by: the step's code can be had again. */
  forgetSteps = () => forgetFilledSteps(this.#tokenPage);

  /** Codes of some steps from now. */
  async codes(first: number, last: number): Promise<string[]> {
    const now = step();
    const steps = Array.from({ length: last - first + 1 }, (_none, at) => now + first + at);
    if (!steps.every((one) => this.#codes.has(one))) {
      const from = now - HOUR_OF_STEPS;
      const made = await codesOf(this.#tokenPage, from, now + 2 * HOUR_OF_STEPS);
      for (const [at, code] of made.entries()) this.#codes.set(from + at, code);
    }
    return steps.map((one) => this.#codes.get(one) ?? '');
  }

  /**
   * Opens the page that would be filled, changed in some parts, waits until it has played its trick and the extension
   * has made up its mind; then asks for the code as the customer can in the popup.
   */
  async play(parts: PageParts, url = this.bankUrl(), headers: Record<string, string> = {}): Promise<string> {
    await this.show(parts, url, headers);
    return this.outcome();
  }

  /** Opens a page that stands in for whatever is at an address. */
  async show(parts: PageParts, url = this.bankUrl(), headers: Record<string, string> = {}): Promise<void> {
    const html = bankPage(parts, this.attacker);
    await this.open(html, url, headers);
    if (html.includes('globalThis.played')) await this.wait(() => Reflect.get(globalThis, 'played') === true);
  }

  /** Opens a page of any making. */
  async open(html: string, url = this.bankUrl(), headers: Record<string, string> = {}): Promise<void> {
    this.standIn.put(url, { html, headers });
    // Nothing is read of a page that nobody looks at.
    await this.page.bringToFront();
    await this.page.goto(url, { waitUntil: 'domcontentloaded' });
  }

  /** The digits in a field, or in several together. */
  async digitsIn(fields: string | readonly string[]): Promise<string> {
    const found = await Promise.all([fields].flat().map((selector) => this.page.$(selector)));
    const values = await Promise.all(
      found.map((field) => field?.evaluate((input) => (input as HTMLInputElement).value)),
    );
    return values.join('').replace(/\D/g, '');
  }

  /** What became of the page that is open: by itself, and when the customer asks. */
  async outcome(): Promise<string> {
    const byItself = await this.settled();
    // No step was claimed for a page that nothing was asked for.
    if (!/^(unrecognised|no content)/.test(byItself)) await this.forgetSteps();
    const [asked] = await this.scripts.wish();
    return asked?.kind === 'filled' ? conditionOf(asked) : byItself;
  }

  /** What became of the page by itself. */
  async settled(): Promise<string> {
    await this.wake();
    // Content scripts run before the page's load is over: one that has not come by then does not come.
    await this.wait(() => document.readyState === 'complete');
    // What it ought to be: the tab's own address, without its port.
    const bare = ({ protocol, hostname }: URL) => protocol + hostname;
    const matched = bare(new URL(this.page.url())) === bare(new URL(this.bankUrl()));
    const there = matched || (await this.scripts.ask('page.report')).length > 0;
    const [report] = there ? await this.scripts.settled(1) : [];
    return conditionOf(report);
  }

  /** Lets something happen between the background's decision and its answer. */
  async between(parts: PageParts, happens: () => Promise<unknown>): Promise<string> {
    await holdAnswers(this.#tokenPage);
    try {
      await this.show(parts);
      await this.until(async () => (await this.scripts.ask('page.report'))[0]?.kind === 'asking', 'asking');
      await happens();
    } finally {
      await letAnswersGo(this.#tokenPage);
    }
    return this.settled();
  }

  /** Ends the background at this very moment. Chromium alone can be told to. */
  async killBackground(): Promise<void> {
    const { browser } = this.stage.browser;
    const before = browser.targets().filter((target) => target.type() === 'service_worker');
    await this.stage.browser.killBackground();
    await this.until(async () => !browser.targets().some((target) => before.includes(target)), 'the end');
    this.#killed = true;
  }

  /** Only a living background can ask the content scripts. */
  async wake(): Promise<void> {
    if (!this.#killed) return;
    await this.#tokenPage.evaluate(async () => {
      type Runtime = { sendMessage(message: object): Promise<unknown> };
      const { runtime } = (globalThis as unknown as { chrome: { runtime: Runtime } }).chrome;
      await runtime.sendMessage({ type: 'clock.measure', institution: 'senpoku' });
    });
    this.#killed = false;
  }

  /** Waits until something is so in the page. */
  async wait(condition: () => unknown, frame: Page | Frame = this.page): Promise<void> {
    await waitIn(frame, condition);
  }

  async until(condition: () => Promise<boolean>, what: string): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (!(await condition())) {
      if (Date.now() > end) throw new Error(`${what} did not come`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Fails where any digit of a code is in any frame of any tab, or has reached the attacker. */
  async expectNothing(): Promise<void> {
    const seen = await this.#seen();
    const values = [...this.attacker.loot().map(({ value }) => value), ...seen.flatMap((one) => one.values)];
    if (values.length > 0) throw new Error(`there are values in fields: ${values.join(', ')}`);
    const texts = [...seen.map(({ text }) => text), ...this.#receivedTexts()];
    const [now, later] = await Promise.all([this.codes(-2, 1), this.codes(2, 60)]);
    const told = [...now.flatMap(piecesOf), ...later].find((piece) =>
      texts.some((text) => text.includes(piece)),
    );
    if (told !== undefined) throw new Error(`the digits ${told} of a code were told`);
  }

  /** Fails where more than one code for each step was to be had, or one of another time, or outside the bank's page. */
  async expectOneCode(): Promise<string[]> {
    const seen = await this.#seen();
    const bank = new URL(this.bankUrl()).origin;
    const had = [
      ...this.attacker.loot(),
      ...seen.flatMap(({ at, values }) => values.map((value) => ({ at, value }))),
    ];
    const codes = [...new Set(had.map(({ value }) => value))];
    const steps = step() - this.#firstStep;
    const good = await this.codes(-steps, 0);
    if (had.some(({ at }) => !at.startsWith(`${bank}/`)))
      throw new Error('a code is outside the bank’s page');
    if (codes.length > steps + 1) throw new Error(`${codes.length} codes in ${steps + 1} steps`);
    if (!codes.every((code) => good.includes(code))) throw new Error('a code of another time');
    return codes;
  }

  /** What stands in the frames of all tabs but the extension's own. */
  async #seen() {
    const pages = (await this.stage.browser.browser.pages()).filter(
      (page) => !/-extension:/.test(page.url()),
    );
    return Promise.all(pages.flatMap((page) => page.frames()).map(lookInto));
  }

  #receivedTexts(): string[] {
    return this.attacker.received.map(
      ({ url, headers, body }) => `${url}\n${headers.referer ?? ''}\n${headers.cookie ?? ''}\n${body}`,
    );
  }
}

/**
 * Sets an arena for the tests around it, cleared before each, in the customer's session at the bank.
 * @returns the arena; to be read inside the tests
 */
export function useArena(kind: BrowserKind): () => Arena {
  const onStage = useStage(kind, { confirmation: 'code', network: true });
  let arena: Arena | undefined;
  const onArena = () => {
    if (arena === undefined) throw new Error('the arena is set only inside tests');
    return arena;
  };
  beforeAll(async () => {
    arena = await Arena.on(onStage());
  });
  afterAll(() => arena?.attacker.close());
  beforeEach(() => onArena().begin());
  return onArena;
}

/** Chromium takes stand-in pages for pages of the Internet, and would keep them from a server on this machine. */
async function letPagesReachLoopback({ browser }: Stage): Promise<void> {
  if (browser.kind !== 'chromium') return;
  const session = await browser.browser.target().createCDPSession();
  for (const name of ['local-network-access', 'local-network', 'loopback-network']) {
    await session
      .send('Browser.setPermission', { permission: { name }, setting: 'granted' })
      .catch((error) => console.log(name, String(error)));
  }
}

/** What a frame shows anywhere, and what has come to stand in its fields. */
async function lookInto(frame: Frame): Promise<{ at: string; text: string; values: string[] }> {
  const gone = { at: frame.url(), text: '', values: [] };
  return frame
    .evaluate(() => {
      const roots: (Document | ShadowRoot)[] = [document];
      for (const root of roots) {
        for (const { shadowRoot } of root.querySelectorAll('*')) if (shadowRoot) roots.push(shadowRoot);
      }
      const fields = roots.flatMap((root) => [
        ...root.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea'),
      ]);
      const values = fields.flatMap(({ value, defaultValue }) => (value === defaultValue ? [] : [value]));
      const markup = roots.map(
        (root) => (root === document ? root.documentElement : (root as ShadowRoot)).innerHTML,
      );
      return { at: location.href, text: markup.join('\n'), values };
    })
    .catch(() => gone);
}

const step = () => Math.floor(Date.now() / 60_000);

const piecesOf = (code: string) =>
  Array.from({ length: code.length - TELLING_DIGITS + 1 }, (_none, from) =>
    code.slice(from, from + TELLING_DIGITS),
  );

/** The extension's report in a few words. */
function conditionOf(report: FillReport | undefined): string {
  if (report === undefined) return 'no content script';
  if (!('reason' in report)) return report.kind;
  const check = 'check' in report && report.check ? ` ${report.check}` : '';
  return `${report.kind}: ${report.reason}${check}`;
}
