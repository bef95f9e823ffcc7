import { list, text } from '../../core/messages/shape.ts';
import type { Reminder } from '../../core/vault/storage.ts';

const NAME = 'warifu.institutions';

/** In `localStorage`, which browsers keep, lose and restore apart from the IndexedDB the vault is in. */
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
      // Without it a loss is not told apart from a first use: no reason to refuse the token.
    }
  },
};
