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
    await this.read(loginId);
  }

  /** An act for the customer whose page is open, to its end. */
  async act(name: string, button: string, typed: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.pressAndGo(name);
    for (const [label, text] of Object.entries({ 理由: '窓口での申し出', ...typed })) {
      await this.type(label, text);
    }
    await this.pressAndGo('確認画面へ');
    await this.pressAndGo(button);
  }
}
