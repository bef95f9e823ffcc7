import { type FillReport, fillReportSchema } from '../../core/messages/fill.ts';
import { browser } from '../../platform/browser.ts';
import type { FillGrants } from './fill-grants.ts';

/** The manifest's command. Its keys are the customer's to choose. */
export const FILL_COMMAND = 'fill';

/**
 * The customer asks for the page in a tab to be filled: that is noted, and the page looks again.
 * @returns what came of it; undefined where the tab shows no page of an institution
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
    // Any other page has no content script that could answer.
    await grants.forget(tabId);
    return undefined;
  }
}

/** The same for the page in front of the customer. */
export async function fillActivePage(grants: Pick<FillGrants, 'grant' | 'forget'>): Promise<void> {
  const [tab] = await browser.tabs.query({ active: true, lastFocusedWindow: true });
  if (tab?.id !== undefined) await fillTab(grants, tab.id);
}
