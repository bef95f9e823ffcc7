import { browser } from '../../platform/browser.ts';

const INDIGO = '#2b4a7f';
const VERMILION = '#c8371f';

/** The badge for each outcome; a code on its way has none yet. */
const BADGES = {
  code: { text: '', color: INDIGO },
  filled: { text: '✓', color: INDIGO },
  signed: { text: '✓', color: INDIGO },
  wait: { text: '…', color: INDIGO },
  refused: { text: '!', color: VERMILION },
  'field-changed': { text: '!', color: VERMILION },
} as const;

/** Marks a tab's toolbar button with what happened there. The popup explains it. */
export const showBadge = (tabId: number | undefined, outcome: keyof typeof BADGES): Promise<void> =>
  mark(tabId, BADGES[outcome]);

/** Marks it with the number of an approval, which the other device shows as well. */
export const showNumber = (tabId: number | undefined, number: string): Promise<void> =>
  mark(tabId, { text: number, color: INDIGO });

async function mark(
  tabId: number | undefined,
  { text, color }: { text: string; color: string },
): Promise<void> {
  if (tabId === undefined) return;
  try {
    await Promise.all([
      browser.action.setBadgeBackgroundColor({ tabId, color }),
      browser.action.setBadgeText({ tabId, text }),
    ]);
  } catch {
    // The tab was closed in the meantime.
  }
}

/** Shows on every tab how many confirmations wait for the customer. */
export async function showCount(count: number): Promise<void> {
  await Promise.all([
    browser.action.setBadgeBackgroundColor({ color: INDIGO }),
    browser.action.setBadgeText({ text: count === 0 ? '' : String(count) }),
  ]);
}
