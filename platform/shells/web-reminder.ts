import {
  COMPANION_COOKIE,
  COMPANION_REMINDER_PATH,
  institutionsIn,
} from '../../core/institution/reminder.ts';
import type { Reminder } from '../../core/vault/storage.ts';
import { localReminder, rememberedHere } from './reminder.ts';

/** What this page last sent to the service. Each time renews the cookie's lifetime. */
let told: string | undefined;

/**
 * The reminder, also in a cookie that the service sets. Safari clears data of a page's scripts after seven days of use without a
 * visit, and browsers clear it when space is short, but neither clears a server's cookie. Clearing all data clears both. The cookie
 * counts only where this browser keeps nothing itself, as the service may not have been told the latest.
 */
export const webReminder: Reminder = {
  remembered: () => rememberedHere() ?? institutionsIn(cookie()),
  remember(institutions) {
    localReminder.remember(institutions);
    const body = JSON.stringify({ institutions: [...new Set(institutions)] });
    if (body === told || (institutions.length === 0 && cookie() === '')) return;
    told = body;
    // without it a loss may look like a first use, which is no reason for an error
    fetch(COMPANION_REMINDER_PATH, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body,
      credentials: 'same-origin',
    }).catch(() => {
      told = undefined;
    });
  },
};

function cookie(): string {
  const [, value = ''] = new RegExp(`(?:^|; )${COMPANION_COOKIE}=([^;]*)`).exec(document.cookie) ?? [];
  return value;
}
