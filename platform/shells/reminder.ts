import { list, text } from '../../core/messages/shape.ts';
import type { Reminder } from '../../core/vault/storage.ts';
import { readLocalJson, writeLocal } from './local.ts';

const NAME = 'warifu.institutions';

/** The reminder in `localStorage`, which browsers keep and clear separately from the vault's IndexedDB. */
export const localReminder: Reminder = {
  remembered: () => readLocalJson(NAME, list(text(40))) ?? [],
  // Where it is not kept a loss looks like a first use, which is no reason to fail.
  remember: (institutions) =>
    writeLocal(NAME, institutions.length === 0 ? undefined : JSON.stringify([...new Set(institutions)])),
};
