import { Token } from './token.ts';

/** The extension on a desktop that a phone approves for. */
export class Desktop extends Token {
  /** スマートフォンと連携する, from 初期設定. @returns the code to type on the phone */
  async offer(): Promise<string> {
    await this.page.bringToFront();
    await this.pressWord('pairPhoneTitle');
    return this.offered();
  }

  /** The 連携コード on the screen. */
  async offered(): Promise<string> {
    await this.readWord('pairCode');
    await this.wait(() => document.querySelector('.pair-code output'));
    return this.page.$eval('.pair-code output', ({ textContent }) => textContent ?? '');
  }

  /** The QR code as a camera would see it: its picture, as a data URL. */
  async qrPicture(): Promise<string> {
    const code = await this.page.waitForSelector('.qr');
    if (code === null) throw new Error('no QR code');
    return `data:image/png;base64,${await code.screenshot({ encoding: 'base64' })}`;
  }

  /** The six symbols, in their order. */
  async symbols(): Promise<string[]> {
    await this.readWord('pairSame');
    return this.page.$$eval('.symbol', (drawn) => drawn.map(({ textContent }) => textContent ?? ''));
  }

  /** 「同じです」 */
  async agree(): Promise<void> {
    await this.page.bringToFront();
    await this.pressWord('pairSame');
  }

  /** The number that waits for the phone, in the popup. */
  async approvalNumber(): Promise<string> {
    await this.wait(() =>
      /^[1-9][0-9]$/.test(document.querySelector('.approval-number output')?.textContent ?? ''),
    );
    return this.page.$eval('.approval-number output', ({ textContent }) => textContent ?? '');
  }
}
