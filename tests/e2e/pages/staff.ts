import type { Page } from 'puppeteer';
import { DEMO_CLERK } from '../../../bank/store/demo-staff.ts';
import { Screen } from './screen.ts';

/** The console that staff work at. */
export class Staff extends Screen {
  readonly url: string;

  constructor(page: Page, url: string) {
    super(page);
    this.url = url;
  }

  async signIn(institution: string): Promise<void> {
    await this.page.goto(`${this.url}/sign-in`);
    await this.choose('金融機関', institution);
    await this.type('職員ID', DEMO_CLERK.staffId);
    await this.type('パスワード', DEMO_CLERK.password);
    await this.pressAndGo('サインイン');
  }

  /** A customer's page, found by the login ID. */
  async search(loginId: string): Promise<void> {
    await this.page.bringToFront();
    await this.page.goto(`${this.url}/`);
    await this.type('ログインID', loginId);
    await this.pressAndGo('検索する');
  }

  /** An act for the customer whose page is open, to its end. */
  async act(name: string, button: string): Promise<void> {
    await this.beginAct(name);
    await this.fillAct();
    await this.pressAndGo(button);
  }

  async beginAct(name: string): Promise<void> {
    await this.pressAndGo(name);
    await this.loaded();
  }

  /** The reason, and what else an act asks for; ends on its confirmation. */
  async fillAct(typed: Readonly<Record<string, string>> = {}): Promise<void> {
    for (const [label, text] of Object.entries({ 理由: '窓口での申し出', ...typed })) {
      await this.type(label, text);
    }
    await this.pressAndGo('確認画面へ');
  }
}
