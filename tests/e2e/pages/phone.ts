import { GUARD_MS } from '../../../components/confirm/confirm-state.ts';
import { NoticedCompanion } from './noticed-companion.ts';

/** The companion on a phone, which approves what paired desktops ask. */
export class Phone extends NoticedCompanion {
  /** As large as a phone's screen. */
  async beSmall(): Promise<void> {
    await this.page.setViewport({ width: 390, height: 844, deviceScaleFactor: 1 });
  }

  /** 設定 → パソコンとの連携, from the code. */
  async openDesktops(): Promise<void> {
    await this.page.bringToFront();
    await this.pressWord('settings');
    await this.pressWord('desktopsTitle');
    await this.see(await this.word('desktopsTitle'));
  }

  /** パソコンと連携する, with the code as it is typed. */
  async typePairingCode(code: string): Promise<void> {
    await this.type(await this.word('pairCode'), code);
    await this.pressWord('next');
  }

  /** The six symbols, in their order. */
  async symbols(): Promise<string[]> {
    await this.readWord('pairSame');
    return this.page.$$eval('.symbol', (drawn) => drawn.map(({ textContent }) => textContent ?? ''));
  }

  /** 「同じです」; ends on the list of desktops. */
  async agree(): Promise<void> {
    await this.page.bringToFront();
    await this.pressWord('pairSame');
    await this.readWord('pairedOnPhone');
    await this.pressWord('ok');
    await this.readWord('desktopsLead');
  }

  /** Its camera shows this picture and nothing else. */
  async pointCameraAt(picture: string): Promise<void> {
    await this.page.evaluate(async (url) => {
      // The page may load no pictures but its own.
      const bytes = Uint8Array.from(atob(url.split(',')[1] ?? ''), (byte) => byte.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = document.createElement('canvas');
      const draw = () => {
        canvas.width = 640;
        canvas.height = 480;
        const context = canvas.getContext('2d');
        if (context === null) return;
        context.fillStyle = '#777';
        context.fillRect(0, 0, 640, 480);
        context.drawImage(image, 140, 60, 360, 360);
        requestAnimationFrame(draw);
      };
      draw();
      navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(10);
    }, picture);
  }

  /** Waits for 承認, with this number where it is known. @returns the text of the screen */
  async approval(number = ''): Promise<string> {
    await this.page.bringToFront();
    await this.readWord('approvalTitle');
    await this.read(number);
    return this.text();
  }

  async approve(): Promise<void> {
    await this.pressUntil(await this.word('ok'), await this.word('approvedTitle'));
  }

  /** Presses OK once it has stood long enough to be meant. @returns when, by the device's clock */
  async pressOkWhenItCounts(): Promise<number> {
    const name = await this.word('ok');
    return this.page.evaluate(
      async (wanted, guardMs) => {
        await new Promise((resolve) => setTimeout(resolve, guardMs));
        const ok = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === wanted);
        ok?.click();
        return Date.now();
      },
      name,
      GUARD_MS + 50,
    );
  }

  async refuse(): Promise<void> {
    await this.pressUntil(await this.word('approvalReject'), await this.word('approvalRefusedTitle'));
  }

  /** 心当たりがない, and again. */
  async disown(): Promise<void> {
    await this.pressUntil(await this.word('confirmNotMe'), await this.word('approvalNotMeBody'));
    await this.pressUntil(await this.word('notMeStop'), await this.word('approvalNotMeDone'));
  }

  /** OK on what came of it. */
  async acknowledge(): Promise<void> {
    await this.pressUntil(await this.word('ok'), await this.word('approvalScreen'), false);
  }
}
