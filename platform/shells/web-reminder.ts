import { COMPANION_COOKIE, COMPANION_REMINDER_PATH, institutionsIn } from '../../core/api/reminder.ts';
import type { Reminder } from '../../core/vault/storage.ts';
import { localReminder } from './reminder.ts';

/** What the service was told last by this page: each telling makes the cookie last anew. */
let told: string | undefined;

/**
 * In a cookie as well, set by the service: Safari clears what a page's scripts keep after seven days of use without a visit,
 * and browsers clear it when room is short, but neither clears what a server set. A customer who clears all data clears both.
 */
export const webReminder: Reminder = {
  remembered: () => [...new Set([...localReminder.remembered(), ...institutionsIn(cookie())])],
  remember(institutions) {
    localReminder.remember(institutions);
    const body = JSON.stringify({ institutions: [...new Set(institutions)] });
    if (body === told) return;
    told = body;
    // without it a loss may look like a first use: no reason to trouble the customer
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
