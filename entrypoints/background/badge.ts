import { browser } from '../../platform/browser.ts';

const INDIGO = '#2b4a7f';
const VERMILION = '#c8371f';

/** The badge for each outcome; a code on its way has none yet. */
const BADGES = {
  code: { text: '', color: INDIGO },
  filled: { text: '✓', color: INDIGO },
  wait: { text: '…', color: INDIGO },
  refused: { text: '!', color: VERMILION },
  'field-changed': { text: '!', color: VERMILION },
} as const;

/** Marks a tab's toolbar button with what happened there. The popup explains it. */
export async function showBadge(tabId: number | undefined, outcome: keyof typeof BADGES): Promise<void> {
  if (tabId === undefined) return;
  const { text, color } = BADGES[outcome];
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
