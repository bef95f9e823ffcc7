import { number, object, oneOf, record, type Shape } from '../../core/messages/shape.ts';
import { DEFAULT_PREFERENCES, LIST_ORDERS, type PreferenceKeeper } from '../../core/preferences.ts';

const PREFERENCES = 'warifu.preferences';
const USES = 'warifu.uses';

/** Most tokens whose last use is kept. */
const MOST_USES = 200;

const flag: Shape<boolean> = (value): value is boolean => typeof value === 'boolean';

const preferencesShape = object({ order: oneOf(...LIST_ORDERS), nextCode: flag, tapToReveal: flag });

const usesShape = record(number);

/** The preferences in `localStorage`, which can be read before the first code is drawn. */
export const localPreferences: PreferenceKeeper = {
  read: () => kept(PREFERENCES, preferencesShape) ?? DEFAULT_PREFERENCES,
  keep: (changed) => keep(PREFERENCES, { ...localPreferences.read(), ...changed }),
  lastUsed: () => new Map(Object.entries(kept(USES, usesShape) ?? {})),
  noteUse(tokenId, at) {
    const uses = [...localPreferences.lastUsed().set(tokenId, at)];
    const latest = uses.sort(([, a], [, b]) => b - a).slice(0, MOST_USES);
    keep(USES, Object.fromEntries(latest));
  },
};

function kept<T>(name: string, shape: Shape<T>): T | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(name) ?? 'null');
    return shape(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function keep(name: string, value: object): void {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // It holds for this page; a browser that keeps nothing says so elsewhere.
  }
}
