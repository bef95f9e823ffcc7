import { list, text } from '../../core/messages/shape.ts';
import type { Reminder } from '../../core/vault/storage.ts';
import { readLocalJson, writeLocal } from './local.ts';

const NAME = 'warifu.institutions';

/** The reminder in `localStorage`, which browsers keep and clear separately from the vault's IndexedDB. */
export const localReminder: Reminder = {
  remembered: () => rememberedHere() ?? [],
  // Where it is not kept a loss looks like a first use, which is no reason to fail.
  remember: (institutions) => writeLocal(NAME, JSON.stringify([...new Set(institutions)])),
};

/** @returns none where the last token was removed; undefined where nothing is kept */
export const rememberedHere = (): readonly string[] | undefined => readLocalJson(NAME, list(text(40)));
