import { forgetFilledSteps } from '../e2e/fixtures/content-script.ts';
import { pair, phoneWithToken } from '../e2e/flows/pairing.ts';
import { Bank, TARO } from '../e2e/pages/bank.ts';
import { Desktop } from '../e2e/pages/desktop.ts';
import type { Phone } from '../e2e/pages/phone.ts';
import { type System, startSystem } from '../e2e/system.ts';
import { type BrowserKind, launch } from '../e2e/test-browser.ts';
import { type Bench, type Figure, type Group, median } from './measure.ts';

const ROUNDS = 10;
const LIMIT_MS = 300;

/** Longer than a device has to wait before it may ask again, and a step whose code nobody has. */
const APART_MS = 10 * 60_000;

/** From OK on the phone to the code in the desktop's field, over the loopback. */
export const approval: Group = {
  name: 'approval',
  run: async (bench) => {
    const figures: Figure[] = [];
    for (const [desktop, phone] of [
      ['chromium', 'firefox'],
      ['firefox', 'chromium'],
    ] as const) {
      figures.push(await filledBy(desktop, phone, bench));
    }
    return figures;
  },
};

async function filledBy(onDesk: BrowserKind, inPocket: BrowserKind, bench: Bench): Promise<Figure> {
  bench.progress(`approval, desktop in ${onDesk}`);
  const build = await bench.build();
  const system = await startSystem(build);
  const [browser, pocket] = await Promise.all([
    launch(onDesk, build.output, { whole: true }),
    launch(inPocket, build.output, { whole: true }),
  ]);
  const taken: number[] = [];
  // The other pair of browsers has the same ports.
  try {
    const bank = new Bank(await browser.newPage(), system.bankUrl);
    const desktop = new Desktop(await browser.openTokenPage());
    const phone = await phoneWithToken({ bank, system }, pocket);
    await pair(phone, desktop);
    for (let round = 0; round < ROUNDS; round += 1) taken.push(await once(bank, phone, system));
  } finally {
    await Promise.all([browser.close(), pocket.close(), system.stop()]);
  }
  return {
    name: `phone’s OK → field filled, desktop in ${onDesk}`,
    value: median(taken),
    unit: 'ms',
    against: { name: 'limit', value: LIMIT_MS },
    target: { atMost: 1 },
  };
}

/** Both browsers have the machine's clock. */
async function once(bank: Bank, phone: Phone, system: System): Promise<number> {
  await system.moveClock(system.offset() + APART_MS);
  await forgetFilledSteps(phone.page);
  await bank.login(TARO);
  const filled = bank.page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        document.addEventListener('input', () => resolve(Date.now()), { once: true });
      }),
  );
  await phone.approval();
  const pressed = await phone.pressOkWhenItCounts();
  const at = await filled;
  await phone.acknowledge();
  return at - pressed;
}
