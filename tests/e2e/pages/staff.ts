import type { Page } from 'puppeteer';
import { DEMO_STAFF } from '../../../bank/store/demo-staff.ts';
import { Screen } from './screen.ts';

/** The staff console. */
export class Staff extends Screen {
  readonly url: string;

  constructor(page: Page, url: string) {
    super(page);
    this.url = url;
  }

  async signIn(institution: string, role: keyof typeof DEMO_STAFF = 'clerk'): Promise<void> {
    await this.page.goto(`${this.url}/sign-in`);
    await this.choose('金融機関', institution);
    await this.type('職員ID', DEMO_STAFF[role].staffId);
    await this.type('パスワード', DEMO_STAFF[role].password);
    await this.pressAndGo('サインイン');
  }

  /** The clerk signs out, and another member of staff signs in. */
  async changeTo(institution: string, role: keyof typeof DEMO_STAFF): Promise<void> {
    await this.pressAndGo('サインアウト');
    await this.signIn(institution, role);
  }

  /** Finds a customer by their login ID and opens their page. */
  async search(loginId: string): Promise<void> {
    await this.page.bringToFront();
    await this.page.goto(`${this.url}/`);
    await this.type('お客さまを検索', loginId);
    await this.pressAndGo('検索する');
  }

  /** Proposes an act for the open customer; a supervisor then signs in instead of the clerk and approves it. */
  async act(name: string, institution: string): Promise<void> {
    await this.beginAct(name);
    await this.fillAct();
    await this.tickQuestions();
    await this.pressAndGo('申請する');
    await this.see(`${name}の申請`);
    const proposal = this.page.url();
    await this.changeTo(institution, 'supervisor');
    await this.page.goto(proposal);
    await this.approve();
    const done = this.page.url();
    await this.changeTo(institution, 'clerk');
    await this.page.goto(done);
  }

  /** Ticks the questions to the caller, if the institution has any. */
  async tickQuestions(): Promise<void> {
    for (const box of await this.page.$$('.asked input')) await box.click();
  }

  /** Approves the open proposal. */
  async approve(): Promise<void> {
    await this.tick('承認する');
    await this.type('決定の理由', '本人確認済み');
    await this.pressAndGo('決定する');
  }

  /** Whether any part of a form is larger than its place on the page. */
  sheetOverflows(): Promise<boolean> {
    return this.page.$eval('.sheet', (sheet) => sheet.scrollHeight > sheet.clientHeight);
  }

  /** Opens the last point of a chart. */
  async openChartPoint(chart: string): Promise<void> {
    const bar = await this.page.waitForSelector(
      `::-p-xpath((//figure[.//h2[text()="${chart}"]]//*[@class="chart-point"])[last()])`,
    );
    // A link inside an SVG is not an HTMLElement, which the library's own method needs.
    await bar?.evaluate((link) => (link as unknown as SVGAElement).focus());
    await Promise.all([
      this.page.waitForNavigation({ waitUntil: 'domcontentloaded' }),
      this.page.keyboard.press('Enter'),
    ]);
  }

  async beginAct(name: string): Promise<void> {
    await this.pressAndGo(name);
    await this.loaded();
  }

  /** Types the reason and whatever else the act asks for; ends on its confirmation. */
  async fillAct(typed: Readonly<Record<string, string>> = {}): Promise<void> {
    for (const [label, text] of Object.entries({ 理由: '窓口での申し出', ...typed })) {
      await this.type(label, text);
    }
    await this.pressAndGo('確認画面へ');
  }
}
