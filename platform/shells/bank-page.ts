import type { Tabs } from 'webextension-polyfill';
import type { BankPage, PageState } from '../../core/autofill/bank-page.ts';
import { fillReportSchema } from '../../core/messages/fill.ts';
import { injectInto, isPage } from '../content-scripts.ts';
import { missingHosts, serviceHosts } from '../host-access.ts';
import { tell } from '../messaging/page.ts';
import { native } from '../native.ts';

/** The bank page in the active tab. */
export const bankPage: BankPage = {
  report: () => stateOf((tabId) => native.tabs.sendMessage(tabId, { type: 'page.report' })),
  // Tells the background itself, as it does not believe a page that the customer asked.
  fill: () => stateOf((tabId) => native.runtime.sendMessage({ type: 'fill.wish', tabId })),
  cancel: async () => {
    const tabId = (await (tab ?? activeTab()))?.id;
    if (tabId !== undefined) await tell({ type: 'approval.cancel', tabId });
  },
};

type Asking = (tabId: number) => Promise<unknown>;

/** The tab under the popup. It is looked up in advance, so that a wish is sent even if the popup closes at once. */
let tab: Promise<Tabs.Tab | undefined> | undefined;

async function activeTab(): Promise<Tabs.Tab | undefined> {
  const [active] = await native.tabs.query({ active: true, currentWindow: true });
  return active;
}

/** Loads the page in the active tab again. */
export async function reloadPage(): Promise<void> {
  const id = (await (tab ?? activeTab()))?.id;
  if (id !== undefined) await native.tabs.reload(id);
}

/** Asks about the active tab. A missing permission is reported before its consequences. */
async function stateOf(ask: Asking): Promise<PageState | undefined> {
  tab ??= activeTab().catch(() => undefined);
  const { id, url } = (await tab) ?? {};
  const answer = id === undefined ? undefined : heard(ask, id);
  const of = lacking(await missingHosts(), url);
  if (of !== undefined) return { kind: 'not-permitted', of };
  const report = await answer;
  if (report !== undefined || id === undefined || url === undefined || !isPage(url)) return report;
  // If none answers after the injection, the page asks for nothing.
  return (await injectInto(id, url)) ? heard(ask, id) : { kind: 'not-injected' };
}

type Lacking = Extract<PageState, { kind: 'not-permitted' }>['of'];

/** The tab's address. The browser tells it for hosts with permission, and for the tab over which the popup was opened. */
function lacking(missing: readonly string[], url: string | undefined): Lacking | undefined {
  const services = serviceHosts(missing).length;
  const page = url === undefined ? missing.length > services : isPage(url, missing);
  if (page) return services > 0 ? 'both' : 'page';
  return services > 0 ? 'service' : undefined;
}

async function heard(ask: Asking, tabId: number): Promise<PageState | undefined> {
  const report = await ask(tabId).catch(() => undefined);
  return fillReportSchema(report) ? report : undefined;
}
