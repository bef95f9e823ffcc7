import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DEFAULT_PREFERENCES } from '../../../../core/preferences.ts';
import { localPreferences } from '../../../../platform/shells/local-preferences.ts';

let kept: Map<string, string>;

beforeEach(() => {
  kept = new Map();
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  });
});
afterEach(() => vi.unstubAllGlobals());

test('what was preferred is read again, the rest as it was', () => {
  expect(localPreferences.read()).toEqual(DEFAULT_PREFERENCES);
  localPreferences.keep({ nextCode: true });
  localPreferences.keep({ order: 'used' });
  expect(localPreferences.read()).toEqual({ ...DEFAULT_PREFERENCES, nextCode: true, order: 'used' });
});

test('the last use of each token is kept, of the latest two hundred', () => {
  for (let used = 1; used <= 250; used += 1) localPreferences.noteUse(`token${used}`, used);
  localPreferences.noteUse('token249', 900);
  const uses = localPreferences.lastUsed();
  expect(uses.size).toBe(200);
  expect(uses.get('token249')).toBe(900);
  expect(uses.has('token1')).toBe(false);
});

test.each(['', '{', 'null', '[]', '{"order":"by-colour","nextCode":true,"tapToReveal":false}', '{"a":"b"}'])(
  'changed by hand into 「%s」 it says nothing',
  (value) => {
    kept.set('warifu.preferences', value);
    kept.set('warifu.uses', value);
    expect(localPreferences.read()).toEqual(DEFAULT_PREFERENCES);
    expect(localPreferences.lastUsed().size).toBe(0);
  },
);

test('a browser that stores nothing is no failure', () => {
  vi.stubGlobal('localStorage', undefined);
  localPreferences.keep({ tapToReveal: true });
  localPreferences.noteUse('one', 1);
  expect(localPreferences.read()).toEqual(DEFAULT_PREFERENCES);
});
