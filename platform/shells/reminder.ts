import { list, text } from '../../core/messages/shape.ts';
import type { Reminder } from '../../core/vault/storage.ts';

const NAME = 'warifu.institutions';

/** The reminder in `localStorage`, which browsers keep and clear separately from the vault's IndexedDB. */
export const localReminder: Reminder = {
  remembered() {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(NAME) ?? '[]');
      return list(text(40))(kept) ? kept : [];
    } catch {
      return [];
    }
  },
  remember(institutions) {
    try {
      if (institutions.length === 0) localStorage.removeItem(NAME);
      else localStorage.setItem(NAME, JSON.stringify([...new Set(institutions)]));
    } catch {
      // Without it a loss looks like a first use, which is no reason to fail.
    }
  },
};
