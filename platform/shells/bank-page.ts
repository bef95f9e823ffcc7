import { type FillReport, fillReportSchema } from '../../core/messages/fill.ts';
import type { BankPage } from '../../core/ports.ts';
import { native } from '../native.ts';

/** The bank page in the active tab. */
export const bankPage: BankPage = {
  report: () => askOf((tabId) => native.tabs.sendMessage(tabId, { type: 'page.report' })),
  // The background has to hear it from here: it believes no page that the customer asks.
  fill: () => askOf((tabId) => native.runtime.sendMessage({ type: 'fill.wish', tabId })),
};

/** A popup is over one tab as long as it is open. Known beforehand, a wish is told even where the popup closes at once. */
let tab: Promise<number | undefined> | undefined;

async function activeTab(): Promise<number | undefined> {
  const [active] = await native.tabs.query({ active: true, currentWindow: true });
  return active?.id;
}

/** Asks about the active tab; where its content script does not answer, it is not a bank's. */
async function askOf(ask: (tabId: number) => Promise<unknown>): Promise<FillReport | undefined> {
  try {
    tab ??= activeTab();
    const tabId = await tab;
    if (tabId === undefined) return undefined;
    const report = await ask(tabId);
    return fillReportSchema(report) ? report : undefined;
  } catch {
    return undefined;
  }
}
