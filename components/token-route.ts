import type { TokenPlace } from '../core/shell.ts';
import type { TokenSummary } from '../core/vault/token.ts';
import type { EnrolPurpose } from './enrol/enrol-done.tsx';

/** Screens that 設定 leads to. */
export type SettingsItem =
  | 'add'
  | 'pair'
  | 'desktops'
  | 'history'
  | 'fill-mode'
  | 'rename'
  | 'suspend'
  | 'remove'
  | 'lock'
  | 'display'
  | 'notices'
  | 'install'
  | 'help';

/** Screens about one token. */
export type TokenItem = 'rename' | 'suspend' | 'remove';

/** A finished action that the next screen mentions. `name` is the token's display name. */
export type Done =
  | { readonly what: 'renamed' | 'suspended' | 'paired'; readonly name: string }
  /** `institution` is the key of the token's institution. */
  | { readonly what: 'removed'; readonly name: string; readonly institution: string };

/** The screen of the full page. */
export type Route =
  | { readonly at: 'code'; readonly done?: Done }
  | { readonly at: 'choose' }
  | { readonly at: 'enrol'; readonly purpose: EnrolPurpose; readonly done?: Done }
  | { readonly at: 'make'; readonly purpose: EnrolPurpose }
  | { readonly at: 'enrolled'; readonly purpose: EnrolPurpose; readonly token: TokenSummary }
  | { readonly at: 'name'; readonly purpose: EnrolPurpose; readonly token: TokenSummary }
  | { readonly at: 'caution'; readonly purpose: EnrolPurpose; readonly token: TokenSummary }
  | { readonly at: 'lock-setup' }
  | { readonly at: 'settings' }
  | { readonly at: 'lock' | 'fill-mode' | 'display' | 'notices' }
  | { readonly at: 'help' | 'install'; readonly from: 'code' | 'settings' }
  | { readonly at: 'desktops' }
  | { readonly at: 'pair'; readonly from: 'code' | 'settings' | 'desktops' }
  | { readonly at: 'confirm' }
  | { readonly at: 'history'; readonly from: 'settings' | 'confirm' }
  | { readonly at: 'pick'; readonly item: TokenItem }
  | { readonly at: TokenItem; readonly token: TokenSummary };

export type RouteEvent =
  | { readonly kind: 'go'; readonly to: TokenPlace | 'choose' | 'history' }
  | { readonly kind: 'opened'; readonly item: SettingsItem; readonly tokens: readonly TokenSummary[] }
  | { readonly kind: 'picked'; readonly token: TokenSummary }
  /** `first`: there was no token before. */
  | { readonly kind: 'paired'; readonly name: string; readonly first: boolean }
  | { readonly kind: 'making'; readonly purpose: EnrolPurpose }
  | { readonly kind: 'enrolled'; readonly purpose: EnrolPurpose; readonly token: TokenSummary }
  | { readonly kind: 'next' }
  | { readonly kind: 'done'; readonly done: Done }
  | { readonly kind: 'locked' }
  | { readonly kind: 'back' };

export function routeTo(place: TokenPlace): Route {
  if (place === 'add') return { at: 'enrol', purpose: 'add' };
  if (place === 'help' || place === 'install' || place === 'pair') return { at: place, from: 'code' };
  return { at: place };
}

export function reduceRoute(route: Route, event: RouteEvent): Route {
  switch (event.kind) {
    case 'go':
      return go(route, event.to);
    case 'opened':
      return opened(event.item, event.tokens);
    case 'picked':
      return route.at === 'pick' ? { at: route.item, token: event.token } : route;
    case 'paired':
      return event.first ? { at: 'lock-setup' } : { at: 'code', done: { what: 'paired', name: event.name } };
    case 'making':
      return { at: 'make', purpose: event.purpose };
    case 'enrolled':
      return { at: 'enrolled', purpose: event.purpose, token: event.token };
    case 'next':
      return next(route);
    case 'done':
      return { at: 'code', done: event.done };
    case 'locked':
      return GOES_ON.includes(route.at) ? route : { at: 'code' };
    case 'back':
      return back(route);
  }
}

/** Screens to which the customer returns after unlocking; from others they begin at the code. */
const GOES_ON: readonly Route['at'][] = [
  'enrol',
  'make',
  'enrolled',
  'name',
  'caution',
  'lock-setup',
  'pair',
  'confirm',
  'help',
];

function go(route: Route, to: TokenPlace | 'choose' | 'history'): Route {
  if (to === 'choose') return { at: to };
  if (to === 'pair' && route.at === 'desktops') return { at: to, from: 'desktops' };
  if (to === 'history') return { at: to, from: route.at === 'confirm' ? 'confirm' : 'settings' };
  return routeTo(to);
}

function opened(item: SettingsItem, tokens: readonly TokenSummary[]): Route {
  if (item === 'add') return routeTo('add');
  if (item === 'history' || item === 'help' || item === 'install' || item === 'pair')
    return { at: item, from: 'settings' };
  if (
    item === 'desktops' ||
    item === 'lock' ||
    item === 'fill-mode' ||
    item === 'display' ||
    item === 'notices'
  )
    return { at: item };
  const [only, another] = tokens;
  // the customer is asked which one only if there is a choice
  return only && !another ? { at: item, token: only } : { at: 'pick', item };
}

/** 初期設定完了 → トークン表示名設定 → 注意メッセージ → ロックの設定, the first time → code. */
function next(route: Route): Route {
  if (route.at === 'enrolled') return { ...route, at: 'name' };
  if (route.at === 'name') return { ...route, at: 'caution' };
  return route.at === 'caution' && route.purpose === 'first' ? { at: 'lock-setup' } : { at: 'code' };
}

/** Whether there is a 戻る. A setup that has begun goes on until it is done. */
export function canGoBack(route: Route): boolean {
  if (route.at === 'enrol') return route.purpose === 'add';
  return !['code', 'enrolled', 'name', 'caution', 'lock-setup'].includes(route.at);
}

/** Whether a link may lead away from a screen: from any with a 戻る, but not from setting up a token. */
export function mayLeave(route: Route): boolean {
  return route.at === 'code' || (canGoBack(route) && route.at !== 'enrol' && route.at !== 'make');
}

/** Whether nothing is under way on a screen, so that it may be left without asking. */
export function isAtRest(route: Route): boolean {
  return ['code', 'choose', 'settings', 'history', 'install', 'help'].includes(route.at);
}

function back(route: Route): Route {
  if (!canGoBack(route)) return route;
  switch (route.at) {
    case 'make':
      return { at: 'enrol', purpose: route.purpose };
    case 'pick':
    case 'rename':
    case 'suspend':
    case 'remove':
    case 'enrol':
    case 'lock':
    case 'fill-mode':
    case 'display':
    case 'notices':
    case 'desktops':
      return { at: 'settings' };
    case 'pair':
    case 'history':
    case 'help':
    case 'install':
      return { at: route.from };
    default:
      return { at: 'code' };
  }
}

/** The route that can be shown. Without a token everything starts with 初期設定, which is over once there is one. */
export function shownRoute(route: Route, tokenCount: number): Route {
  if (tokenCount > 0 && route.at === 'enrol' && route.purpose === 'first') return { at: 'code' };
  if (tokenCount > 0 || ['enrolled', 'name', 'caution', 'pair', 'help', 'install'].includes(route.at))
    return route;
  if ((route.at === 'enrol' || route.at === 'make') && route.purpose === 'first') return route;
  return route.at === 'code' && route.done
    ? { at: 'enrol', purpose: 'first', done: route.done }
    : { at: 'enrol', purpose: 'first' };
}

/** The place in the page's address, after `#`; the code if there is none. */
export function placeIn(hash: string): TokenPlace {
  const [named] = hash.slice(1).split('=');
  return PLACES.find((place) => place === named) ?? 'code';
}

/** What the address says to the place, after `=`. */
export const saidIn = (hash: string): string | undefined => /=(.+)$/.exec(hash)?.[1];

const PLACES: readonly TokenPlace[] = ['settings', 'add', 'pair', 'confirm', 'help', 'install'];
