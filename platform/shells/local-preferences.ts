import { number, object, oneOf, record, type Shape } from '../../core/messages/shape.ts';
import { DEFAULT_PREFERENCES, LIST_ORDERS, type PreferenceKeeper } from '../../core/preferences.ts';
import { readLocalJson, writeLocal } from './local.ts';

const PREFERENCES = 'warifu.preferences';
const USES = 'warifu.uses';

/** Most tokens whose last use is kept. */
const MOST_USES = 200;

const flag: Shape<boolean> = (value): value is boolean => typeof value === 'boolean';

const preferencesShape = object({ order: oneOf(...LIST_ORDERS), nextCode: flag, tapToReveal: flag });

const usesShape = record(number);

/** The preferences in `localStorage`, which can be read before the first code is drawn. */
export const localPreferences: PreferenceKeeper = {
  read: () => readLocalJson(PREFERENCES, preferencesShape) ?? DEFAULT_PREFERENCES,
  keep: (changed) => writeLocal(PREFERENCES, JSON.stringify({ ...localPreferences.read(), ...changed })),
  lastUsed: () => new Map(Object.entries(readLocalJson(USES, usesShape) ?? {})),
  noteUse(tokenId, at) {
    const uses = [...localPreferences.lastUsed().set(tokenId, at)];
    const latest = uses.sort(([, a], [, b]) => b - a).slice(0, MOST_USES);
    writeLocal(USES, JSON.stringify(Object.fromEntries(latest)));
  },
};
