import type { ElementHandle, EvaluateFunc, Page } from 'puppeteer';
import { PATIENCE_MS } from '../patience.ts';
import { waitIn } from '../wait-in.ts';

const PRESSABLE = 'button, a[href]';
const ROW = 'main li button';

/** What a person does on any page: finds things by their names, types, presses, reads. */
export class Screen {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE_MS);
  }

  /** Replaces the text of a field, with the events that typing causes. */
  async type(label: string, text: string): Promise<void> {
    const field = await this.field(label);
    await field.evaluate((input, typed) => {
      input.focus();
      input.select();
      document.execCommand('insertText', false, typed);
    }, text);
  }

  /** Presses something, and again where the press did not reach it: a redraw can swallow one. */
  async press(name: string): Promise<void> {
    await this.pressFound(name, await this.named(name, PRESSABLE));
  }

  /** The same with a row of a list, by a part of its text. */
  async pressRow(part: string): Promise<void> {
    const find = () => this.find<HTMLElement>(part, ROW, lookUpPart);
    await this.pressFound(part, await find(), find);
  }

  private async pressFound(
    name: string,
    found: ElementHandle<HTMLElement>,
    find = () => this.named(name, PRESSABLE),
  ): Promise<void> {
    const until = Date.now() + PATIENCE_MS;
    for (let target = found; ; target = await find()) {
      const seen = await target
        .evaluateHandle((element) => {
          const press = { arrived: false };
          element.addEventListener('click', () => Object.assign(press, { arrived: true }), { capture: true });
          return press;
        })
        .catch(gone);
      const failure = await target.click().catch((error: unknown) => error);
      // Where it cannot be asked any more, the page has been left.
      if (await seen?.evaluate(({ arrived }) => arrived).catch(() => true)) return;
      if (Date.now() > until) throw new Error(`「${name}」 cannot be pressed`, { cause: failure });
    }
  }

  /** Presses something on a page in the background. */
  async pressBehind(name: string): Promise<void> {
    await (await this.named(name, PRESSABLE)).evaluate((element) => element.click());
  }

  /** Presses something that leads to another page, and waits for that page. */
  async pressAndGo(name: string): Promise<void> {
    const found = await this.named(name, PRESSABLE);
    const going = this.page.waitForNavigation({ waitUntil: 'domcontentloaded' });
    await Promise.all([going, this.pressFound(name, found)]);
  }

  /** Ticks a box or chooses a radio button. Clicks again until it is ticked: a redraw can swallow a click. */
  async tick(label: string): Promise<void> {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const box = await this.field(label);
      if (await box.evaluate(({ checked }) => checked)) return;
      if (Date.now() > until) throw new Error(`clicking 「${label}」 did not tick it`);
      await box.click().catch(() => undefined);
    }
  }

  /** Chooses the option of a list whose text contains `part`. */
  async choose(label: string, part: string): Promise<void> {
    const list = await this.find<HTMLSelectElement>(label, 'select', (wanted) =>
      [...document.querySelectorAll('select')].find((select) =>
        [...select.labels].some((name) => name.textContent?.trim() === wanted),
      ),
    );
    await list.evaluate((select, wanted) => {
      const option = [...select.options].find(({ text }) => text.includes(wanted));
      if (option === undefined) throw new Error(`no option with 「${wanted}」`);
      select.value = option.value;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    }, part);
  }

  /** Chooses a file with this content. */
  async chooseFile(label: string, name: string, content: string): Promise<void> {
    const field = await this.field(label);
    await field.evaluate(
      (input, called, text) => {
        const chosen = new DataTransfer();
        chosen.items.add(new File([text], called));
        input.files = chosen.files;
      },
      name,
      content,
    );
  }

  /** Presses something until a text appears or is gone: what has just appeared may not react yet, and a press may lead to another page. */
  async pressUntil(name: string, text: string, there = true): Promise<void> {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      // Found before the text is looked for, so that it is of the screen without it: the next one may have an 「OK」 as well.
      const found = await this.page.evaluateHandle(lookUp, name, PRESSABLE).catch(gone);
      const shown = await this.text().catch(gone);
      if (shown?.includes(text) === there) return;
      if (Date.now() > until) throw new Error(`pressing 「${name}」 did not change 「${text}」:\n${shown}`);
      const target = found?.asElement() as ElementHandle<Element> | null | undefined;
      await target?.click().catch(gone);
      await this.page
        .waitForFunction(
          (wanted, expected) => document.body.innerText.includes(wanted) === expected,
          { polling: 20, timeout: 200 },
          text,
          there,
        )
        .catch(gone);
    }
  }

  /** Waits until everything that the page refers to is loaded. */
  async loaded(): Promise<void> {
    await this.wait(() => document.readyState === 'complete');
  }

  /** Waits for a heading. */
  async see(heading: string): Promise<void> {
    await this.named(heading, 'h1, h2');
  }

  /** Waits for a text anywhere on the page, and for what is still being read beside it. */
  async read(text: string): Promise<void> {
    const isThere = (wanted: string) =>
      document.body.innerText.includes(wanted) &&
      document.querySelector('section[aria-busy="true"]') === null;
    await this.wait(isThere, text).catch(async (cause: unknown) => {
      throw new Error(`「${text}」 is not on ${this.page.url()}, which says:\n${await this.text()}`, {
        cause,
      });
    });
  }

  async valueOf(label: string): Promise<string> {
    return (await this.field(label)).evaluate((input) => input.value);
  }

  /** Puts the focus into a field and waits until the token has filled it. @returns the code */
  async filled(label: string): Promise<string> {
    await this.page.bringToFront();
    const field = await this.field(label);
    await field.evaluate((input) => input.scrollIntoView({ block: 'center' }));
    await waitIn(this.page, (input) => /^[0-9]{6,8}$/.test(input.value), field);
    return this.valueOf(label);
  }

  /** How many sheets the open page has when printed. */
  async printedPages(): Promise<number> {
    const pdf = Buffer.from(await this.page.pdf({ preferCSSPageSize: true, printBackground: true }));
    return pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
  }

  async heading(): Promise<string> {
    return this.page.$eval('h1', (element) => element.textContent?.trim() ?? '');
  }

  text(): Promise<string> {
    return this.page.evaluate(() => document.body.innerText);
  }

  /** The input that a person would call by this label. */
  protected field(label: string): Promise<ElementHandle<HTMLInputElement>> {
    return this.find<HTMLInputElement>(label, 'input', (wanted) =>
      [...document.querySelectorAll('input')].find((input) =>
        [...(input.labels ?? [])].some((name) => name.textContent?.trim() === wanted),
      ),
    );
  }

  /** The button, link or heading with this name. */
  private named(name: string, selector: string): Promise<ElementHandle<HTMLElement>> {
    return this.find<HTMLElement>(name, selector, lookUp);
  }

  private async find<T extends Element>(
    name: string,
    selector: string,
    lookUp: (name: string, selector: string) => T | undefined,
  ): Promise<ElementHandle<T>> {
    const found = await this.wait(lookUp, name, selector).catch(async (cause: unknown) => {
      const says = await this.text();
      throw new Error(`nothing called 「${name}」 on ${this.page.url()}, which says:\n${says}`, { cause });
    });
    return found as ElementHandle<T>;
  }

  protected wait<Params extends unknown[], Look extends EvaluateFunc<Params>>(look: Look, ...args: Params) {
    return waitIn(this.page, look, ...args);
  }
}

/** What was asked of a page that has been left meanwhile. */
const gone = () => undefined;

/** Runs in the page. */
function lookUp(name: string, selector: string): HTMLElement | undefined {
  return [...document.querySelectorAll<HTMLElement>(selector)].find(
    (element) =>
      (element.getAttribute('aria-label') ?? element.textContent ?? '').trim() === name &&
      element.checkVisibility(),
  );
}

/** Likewise. */
function lookUpPart(part: string, selector: string): HTMLElement | undefined {
  return [...document.querySelectorAll<HTMLElement>(selector)].find(
    (element) => element.textContent?.includes(part) && element.checkVisibility(),
  );
}
