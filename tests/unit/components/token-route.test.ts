import { describe, expect, test } from 'vitest';
import {
  canGoBack,
  isAtRest,
  mayLeave,
  placeIn,
  type Route,
  type RouteEvent,
  reduceRoute,
  routeTo,
  saidIn,
  shownRoute,
} from '../../../components/token-route.ts';
import { aToken } from './tokens.ts';

const token = aToken();
const home: Route = { at: 'code' };
const once = (from: Route, ...events: RouteEvent[]) => events.reduce(reduceRoute, from);
const back: RouteEvent = { kind: 'back' };
const next: RouteEvent = { kind: 'next' };

describe('the way through the full page', () => {
  test('初期設定完了, トークン表示名設定, 注意メッセージ, ロックの設定, code', () => {
    const enrolled = once(home, { kind: 'enrolled', purpose: 'first', token });
    expect(enrolled).toEqual({ at: 'enrolled', purpose: 'first', token });
    expect(once(enrolled, next).at).toBe('name');
    expect(once(enrolled, next, next).at).toBe('caution');
    expect(once(enrolled, next, next, next)).toEqual({ at: 'lock-setup' });
    expect(once(enrolled, next, next, next, next)).toEqual(home);
  });

  test('ロックの設定 is asked for the first time only', () => {
    const added = once(home, { kind: 'enrolled', purpose: 'add', token });
    expect(once(added, next, next, next)).toEqual(home);
  });

  test('locked, it begins at the code again; 初期設定 and 取引認証 go on', () => {
    const locked: RouteEvent = { kind: 'locked' };
    expect(once({ at: 'lock' }, locked)).toEqual(home);
    expect(once({ at: 'remove', token }, locked)).toEqual(home);
    expect(once({ at: 'confirm' }, locked)).toEqual({ at: 'confirm' });
    const enrolled = once(home, { kind: 'enrolled', purpose: 'first', token });
    expect(once(enrolled, locked)).toBe(enrolled);
  });

  test('お困りのとき leads back to where it was opened, and needs no token', () => {
    const fromSettings = once(home, { kind: 'opened', item: 'help', tokens: [] });
    expect(once(fromSettings, back).at).toBe('settings');
    const fromFailure = once(home, { kind: 'go', to: 'help' });
    expect(once(fromFailure, back)).toEqual(home);
    expect(shownRoute(fromFailure, 0)).toBe(fromFailure);
  });

  test('アプリとして使う leads back to where it was opened, and needs no token', () => {
    const fromSettings = once(home, { kind: 'opened', item: 'install', tokens: [] });
    expect(once(fromSettings, back).at).toBe('settings');
    const fromStart = once(home, { kind: 'go', to: 'install' });
    expect(once(fromStart, back)).toEqual(home);
    expect(shownRoute(fromStart, 0)).toBe(fromStart);
  });

  test.each([
    [home, true],
    [{ at: 'settings' }, true],
    [{ at: 'help', from: 'code' }, true],
    [{ at: 'confirm' }, false],
    [{ at: 'enrol', purpose: 'first' }, false],
    [{ at: 'lock' }, false],
    [{ at: 'remove', token }, false],
  ] as const)('%o may be left for a newer version without asking: %s', (route, atRest) => {
    expect(isAtRest(route)).toBe(atRest);
  });

  test.each<[boolean, Route]>([
    [true, home],
    [true, { at: 'settings' }],
    [true, { at: 'pair', from: 'desktops' }],
    [false, { at: 'enrol', purpose: 'first' }],
    [false, { at: 'enrol', purpose: 'add' }],
    [false, { at: 'make', purpose: 'first' }],
    [false, { at: 'enrolled', purpose: 'add', token }],
    [false, { at: 'lock-setup' }],
  ])('that a link may lead away is %s of %o', (may, route) => {
    expect(mayLeave(route)).toBe(may);
  });

  test('シリアル番号のトークンを作る leads where 初期設定 leads, and back to it', () => {
    const first = once(shownRoute(home, 0), { kind: 'making', purpose: 'first' });
    expect(first).toEqual({ at: 'make', purpose: 'first' });
    expect(shownRoute(first, 0)).toBe(first);
    expect(once(first, { kind: 'locked' })).toBe(first);
    expect(once(first, back)).toEqual({ at: 'enrol', purpose: 'first' });
    const added = once(home, { kind: 'go', to: 'add' }, { kind: 'making', purpose: 'add' });
    expect(canGoBack(added)).toBe(true);
    expect(once(added, back)).toEqual({ at: 'enrol', purpose: 'add' });
    expect(once(added, { kind: 'enrolled', purpose: 'add', token }).at).toBe('enrolled');
  });

  test('a finished 初期設定 cannot be gone back on', () => {
    const enrolled = once(home, { kind: 'enrolled', purpose: 'add', token });
    for (const route of [enrolled, once(enrolled, next), once(enrolled, next, next)]) {
      expect(canGoBack(route)).toBe(false);
      expect(reduceRoute(route, back)).toBe(route);
    }
  });

  test('設定 asks which token only where there are several', () => {
    const one = once(home, { kind: 'opened', item: 'remove', tokens: [token] });
    expect(one).toEqual({ at: 'remove', token });
    const other = aToken({ id: 'two' });
    const several = once(home, { kind: 'opened', item: 'rename', tokens: [token, other] });
    expect(several).toEqual({ at: 'pick', item: 'rename' });
    expect(once(several, { kind: 'picked', token: other })).toEqual({ at: 'rename', token: other });
  });

  test('利用停止 is of one token, and ends at the code, which says it', () => {
    const one = once(home, { kind: 'opened', item: 'suspend', tokens: [token] });
    expect(one).toEqual({ at: 'suspend', token });
    expect(once(one, back)).toEqual({ at: 'settings' });
    const done = { what: 'suspended', name: '仙北信用組合' } as const;
    expect(once(one, { kind: 'done', done })).toEqual({ at: 'code', done });
  });

  test('戻る leads through 設定 to the code', () => {
    const rename = once(home, { kind: 'opened', item: 'rename', tokens: [token] });
    expect(once(rename, back).at).toBe('settings');
    expect(once(rename, back, back)).toEqual(home);
    expect(once(home, { kind: 'go', to: 'choose' }, back)).toEqual(home);
    expect(once(home, back)).toBe(home);
  });

  test('入力のしかた is of the token shown: nobody is asked which, and 戻る leads to 設定', () => {
    const other = aToken({ id: 'two' });
    const several = once(home, { kind: 'opened', item: 'fill-mode', tokens: [token, other] });
    expect(several).toEqual({ at: 'fill-mode' });
    expect(once(several, back)).toEqual({ at: 'settings' });
  });

  test.each(['lock', 'display', 'notices'] as const)('%s leads back to 設定', (item) => {
    expect(once(home, { kind: 'opened', item, tokens: [token] }, back)).toEqual({ at: 'settings' });
  });

  test('取引認証の履歴 leads back to where it was opened', () => {
    const fromSettings = once(home, { kind: 'opened', item: 'history', tokens: [token, token] });
    expect(once(fromSettings, back).at).toBe('settings');
    const fromConfirm = once(home, { kind: 'go', to: 'confirm' }, { kind: 'go', to: 'history' });
    expect(fromConfirm.at).toBe('history');
    expect(once(fromConfirm, back).at).toBe('confirm');
    expect(once(fromConfirm, back, back)).toEqual(home);
  });

  test('what was done is told on the next screen', () => {
    const done = { what: 'removed', name: '仙北信用組合', institution: 'senpoku' } as const;
    const route = once(home, { kind: 'done', done });
    expect(route).toEqual({ at: 'code', done });
    expect(shownRoute(route, 0)).toEqual({ at: 'enrol', purpose: 'first', done });
  });
});

test('初期設定 is over once there is a token: who went back while one was made is not left there', () => {
  const making = once({ at: 'enrol', purpose: 'first' }, { kind: 'making', purpose: 'first' });
  const gone = once(making, back);
  expect(shownRoute(gone, 0)).toBe(gone);
  expect(shownRoute(gone, 1)).toEqual(home);
});

describe('without a token', () => {
  test('every place is 初期設定', () => {
    for (const place of ['code', 'settings', 'add', 'confirm'] as const) {
      expect(shownRoute(routeTo(place), 0)).toEqual({ at: 'enrol', purpose: 'first' });
    }
  });

  test('the steps after 初期設定 stay, whenever the list is read again', () => {
    const route: Route = { at: 'name', purpose: 'first', token };
    expect(shownRoute(route, 0)).toBe(route);
  });
});

test('the address says where to open', () => {
  expect(placeIn('#settings')).toBe('settings');
  expect(placeIn('#add')).toBe('add');
  expect(placeIn('#confirm')).toBe('confirm');
  expect(placeIn('#help')).toBe('help');
  expect(placeIn('')).toBe('code');
  expect(placeIn('#javascript:alert(1)')).toBe('code');
});

describe('連携', () => {
  test('is opened from 設定 on a desktop, and from the list of desktops on a phone', () => {
    const fromSettings = once(home, { kind: 'opened', item: 'pair', tokens: [token] });
    expect(once(fromSettings, back)).toEqual({ at: 'settings' });
    const list = once(home, { kind: 'opened', item: 'desktops', tokens: [token] });
    expect(once(list, back)).toEqual({ at: 'settings' });
    expect(once(list, { kind: 'go', to: 'pair' }, back)).toEqual(list);
  });

  test('needs no token; the first one leads to ロックの設定', () => {
    const fromStart = once(home, { kind: 'go', to: 'pair' });
    expect(shownRoute(fromStart, 0)).toBe(fromStart);
    expect(once(fromStart, back)).toEqual(home);
    expect(once(fromStart, { kind: 'paired', name: 'Chrome (Android)', first: true }).at).toBe('lock-setup');
    expect(once(fromStart, { kind: 'paired', name: 'Chrome (Android)', first: false })).toEqual({
      at: 'code',
      done: { what: 'paired', name: 'Chrome (Android)' },
    });
  });

  test('goes on where the token was locked meanwhile', () => {
    expect(once({ at: 'pair', from: 'settings' }, { kind: 'locked' }).at).toBe('pair');
  });
});

test.each([
  ['#confirm=senpoku', 'confirm', 'senpoku'],
  ['#confirm', 'confirm', undefined],
  ['#pair=12345678.AAAA', 'pair', '12345678.AAAA'],
  ['#elsewhere=1', 'code', '1'],
  ['', 'code', undefined],
])('the address %s', (hash, place, said) => {
  expect(placeIn(hash)).toBe(place);
  expect(saidIn(hash)).toBe(said);
});
