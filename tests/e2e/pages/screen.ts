import type { ElementHandle, Page } from 'puppeteer-core';

/** What a person does on any page: finds things by their names, types, presses, reads. */
export class Screen {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Clears a field and types into it. */
  async type(label: string, text: string): Promise<void> {
    const field = await this.named(label);
    await field.evaluate((element) => {
      if (element instanceof HTMLInputElement) element.select();
    });
    await field.focus();
    await this.page.keyboard.press('Backspace');
    await field.type(text);
  }

  async press(name: string): Promise<void> {
    await (await this.named(name, 'button')).click();
  }

  /** Presses something that leads to another page, and waits until that is there. */
  async pressAndGo(name: string, role = 'button'): Promise<void> {
    const target = await this.named(name, role);
    await Promise.all([this.page.waitForNavigation(), target.click()]);
  }

  async tick(label: string): Promise<void> {
    await (await this.named(label, 'checkbox')).click();
  }

  /** Waits until a heading is there. */
  async see(heading: string): Promise<void> {
    await this.named(heading, 'heading');
  }

  /** Waits until a text is somewhere on the page. */
  async read(text: string): Promise<void> {
    await this.page.waitForFunction((wanted) => document.body.innerText.includes(wanted), {}, text);
  }

  async valueOf(label: string): Promise<string> {
    const field = await this.named(label, 'textbox');
    return field.evaluate((element) => (element instanceof HTMLInputElement ? element.value : ''));
  }

  async heading(): Promise<string> {
    return this.page.$eval('h1', (element) => element.textContent?.trim() ?? '');
  }

  text(): Promise<string> {
    return this.page.evaluate(() => document.body.innerText);
  }

  protected async named(name: string, role?: string): Promise<ElementHandle<Element>> {
    const selector = `::-p-aria([name="${name}"]${role ? `[role="${role}"]` : ''})`;
    const found = await this.page.waitForSelector(selector, { timeout: 15_000 });
    if (found === null) throw new Error(`nothing named 「${name}」`);
    return found;
  }
}
