import { type FillReport, fillReportSchema } from '../../core/messages/fill.ts';
import { browser } from '../../platform/browser.ts';
import type { FillGrants } from './fill-grants.ts';

/** The manifest's command, whose keys the customer can change. */
export const FILL_COMMAND = 'fill';

/**
 * The customer asks to fill the page in a tab: notes that, and makes the page read itself again.
 * @returns the report; undefined if the tab shows no page of an institution
 */
export async function fillTab(
  grants: Pick<FillGrants, 'grant' | 'forget'>,
  tabId: number,
): Promise<FillReport | undefined> {
  await grants.grant(tabId);
  try {
    const report: unknown = await browser.tabs.sendMessage(tabId, { type: 'page.fill' });
    return fillReportSchema(report) ? report : undefined;
  } catch {
    // Other pages have no content script that could answer.
    await grants.forget(tabId);
    return undefined;
  }
}

/** The customer asks to fill the page in front of them. */
export async function fillActivePage(grants: Pick<FillGrants, 'grant' | 'forget'>): Promise<void> {
  const [tab] = await browser.tabs.query({ active: true, lastFocusedWindow: true });
  if (tab?.id !== undefined) await fillTab(grants, tab.id);
}
