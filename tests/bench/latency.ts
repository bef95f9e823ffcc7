import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import type { Confirmation } from '../../core/api/confirmation.ts';
import { type IssuedToken, putIntoUse } from '../e2e/flows/issue.ts';
import { Bank, TARO } from '../e2e/pages/bank.ts';
import { Token } from '../e2e/pages/token.ts';
import { type System, startSystem } from '../e2e/system.ts';
import { launch, type TestBrowser } from '../e2e/test-browser.ts';
import { INSTITUTION_KEY } from './active-tokens.ts';
import { type Bench, type Figure, type Group, median } from './measure.ts';

const ROUNDS = 9;

const TRANSFER = {
  type: 'transfer',
  bank: { code: '9911', name: '見本銀行' },
  branch: { code: '001', name: '本店' },
  accountType: 'ordinary',
  accountNumber: '1234567',
  amount: 1_000,
};

/** How long the two halves take to hear of each other, with everything real: service, bank, Chromium, popup. */
export const latency: Group = {
  name: 'latency',
  run: async (bench) => {
    const build = await bench.build();
    const system = await startSystem(build);
    bench.defer(system.stop);
    const browser = await launch('chromium', build.output, { whole: true });
    bench.defer(browser.close);
    const bank = new Bank(await browser.newPage(), system.bankUrl);
    const token = new Token(await browser.openTokenPage());
    bench.progress('latency: a token is put into use');
    const issued = await putIntoUse({ bank, token, system }, TARO);
    await token.page.close();
    const key = readFileSync(join(build.freshData, 'api-keys', INSTITUTION_KEY), 'utf8').trim();
    const stage: LatencyStage = { system, browser, bank, issued, key };
    return [
      await figure(bench, 'bank asks → visible in the open popup', 150, stage, askedToVisible),
      await figure(bench, 'OK pressed → the bank’s page knows', 100, stage, confirmedToKnown),
    ];
  },
};

interface LatencyStage {
  readonly system: System;
  readonly browser: TestBrowser;
  readonly bank: Bank;
  readonly issued: IssuedToken;
  readonly key: string;
}

async function figure(
  bench: Bench,
  name: string,
  limit: number,
  stage: LatencyStage,
  measure: (stage: LatencyStage, popup: Token, round: number) => Promise<number>,
): Promise<Figure> {
  bench.progress(`latency: ${name}`);
  const taken: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    await stage.bank.page.goto(`${stage.system.bankUrl}/top`);
    const popup = new Token(await stage.browser.openPopup(stage.bank.page));
    await popup.code();
    const ms = await measure(stage, popup, round);
    // The first loads scripts and wakes connections.
    if (round > 0) taken.push(ms);
    await popup.page.close().catch(() => undefined);
  }
  const against = { name: 'limit', value: limit };
  return { name, value: median(taken), unit: 'ms', against, target: { atMost: 1 } };
}

/** A request of the bank API, made while the popup shows a code. */
async function askedToVisible(stage: LatencyStage, popup: Token, round: number): Promise<number> {
  const payee = `ミホン ${round}`;
  const visible = momentOf(popup.page, payee);
  const askedAt = Date.now();
  const { id } = await byBank<Confirmation>(stage, '', { transaction: { ...TRANSFER, payee } });
  const ms = (await visible) - askedAt;
  await popup.confirmTransfer();
  // Once used, it no longer counts among the open questions, whose number is limited.
  await byBank(stage, `/${id}/verify`, { transaction: { ...TRANSFER, payee } });
  return ms;
}

/** A transfer at the bank, confirmed in the popup over its page. */
async function confirmedToKnown({ bank, browser }: LatencyStage, first: Token): Promise<number> {
  await first.page.close();
  await bank.requestTransfer(1_000);
  const popup = new Token(await browser.openPopup(bank.page));
  await popup.tick(await popup.word('confirmAgree'));
  const known = momentOf(bank.page, 'お取引はまだ完了していません');
  const pressed = press(popup.page, await popup.word('ok'));
  const knownAt = await known;
  const ms = knownAt - (await pressed);
  await bank.page.bringToFront();
  await bank.settleTransfer();
  await bank.see('振込（完了）');
  return ms;
}

/** A new screen takes no presses for half a second. */
const GUARDED_MS = 700;

/** Presses OK once it takes presses. @returns when */
function press(page: Page, ok: string): Promise<number> {
  return page.evaluate(
    async (name, guarded) => {
      await new Promise((resolve) => setTimeout(resolve, guarded));
      const button = [...document.querySelectorAll('button')].find((one) => one.textContent?.trim() === name);
      const at = Date.now();
      button?.click();
      return at;
    },
    ok,
    GUARDED_MS,
  );
}

/** When a text appeared on a page, by the machine's clock. */
function momentOf(page: Page, text: string): Promise<number> {
  return page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const look = () => {
          if (!document.body.innerText.includes(wanted)) return;
          observer.disconnect();
          resolve(Date.now());
        };
        const observer = new MutationObserver(look);
        observer.observe(document, { childList: true, subtree: true, characterData: true });
        look();
      }),
    text,
  );
}

async function byBank<Answer>(
  { system, issued, key }: LatencyStage,
  path: string,
  body: object,
): Promise<Answer> {
  const { port } = new URL(system.serviceUrl);
  const url = `http://127.0.0.1:${port}/v1/tokens/${issued.userId}/confirmations${path}`;
  const headers = {
    Authorization: `Bearer ${key}`,
    'Content-Type': 'application/json',
    'Idempotency-Key': randomUUID(),
  };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json() as Promise<Answer>;
}
