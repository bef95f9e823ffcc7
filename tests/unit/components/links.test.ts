import { h, render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { takeHash, useLinks } from '../../../components/links.ts';
import type { Route } from '../../../components/token-route.ts';
import { draw } from './draw.ts';

const CODE: Route = { at: 'code' };
const PAIRING = `12345678.${'h'.repeat(22)}`;

let page: EventTarget;
let address: { hash: string; pathname: string; search: string };
/** Addresses that took the place of another, with what the history knew of them. */
let replaced: string[];
let main: HTMLElement;
let led: string[];
let said: string | undefined;

beforeEach(() => {
  page = new EventTarget();
  address = { hash: '', pathname: '/', search: '' };
  replaced = [];
  led = [];
  main = draw(null);
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('location', address);
  vi.stubGlobal('history', {
    state: 'away',
    replaceState: (state: string, _: string, url: string) => {
      replaced.push(`${state} ${url}`);
      address.hash = '';
    },
  });
});
afterEach(async () => {
  await act(() => render(null, main));
  vi.unstubAllGlobals();
});

interface PageProps {
  readonly route: Route;
  readonly deciding: boolean;
}

function Page({ route, deciding }: PageProps) {
  said = useLinks('at the start', route, deciding, (to, what) => void led.push(`${to} ${what}`));
  return null;
}

const show = (route: Route, deciding = false) => act(() => render(h(Page, { route, deciding }), main));

const open = (hash: string) =>
  act(() => {
    address.hash = hash;
    page.dispatchEvent(new Event('hashchange'));
  });

test('a link that is opened in the page is followed, each time, and does not stay in the address', async () => {
  await show(CODE);
  expect(said).toBe('at the start');
  await open(`#pair=${PAIRING}`);
  expect(led).toEqual([`pair ${PAIRING}`]);
  expect(said).toBe(PAIRING);
  expect(replaced).toEqual(['away /']);
  await open('#confirm');
  await open('#confirm');
  expect(led.slice(1)).toEqual(['confirm undefined', 'confirm undefined']);
  expect(address.hash).toBe('');
});

test('one that came before the page could hear it is followed as well', async () => {
  address.hash = '#confirm=senpoku';
  await show(CODE);
  expect(led).toEqual(['confirm senpoku']);
});

test('what leads nowhere is not followed, nor what comes after the page is gone', async () => {
  await show(CODE);
  await open('#nowhere');
  await act(() => render(null, main));
  await open('#confirm');
  expect(led).toEqual([]);
});

test('the address is taken once, and left alone where it says nothing', () => {
  address.hash = '#settings';
  expect([takeHash(), takeHash()]).toEqual(['#settings', '']);
  expect(replaced).toHaveLength(1);
});

test.each<[string, Route]>([
  ['first set-up', { at: 'enrol', purpose: 'first' }],
  ['choosing a lock', { at: 'lock-setup' }],
])('%s is not left for a link, which is followed after it', async (_what, route) => {
  await show(route);
  await open(`#pair=${PAIRING}`);
  expect(led).toEqual([]);
  expect(said).toBe('at the start');
  await show(CODE);
  await show(CODE);
  expect(led).toEqual([`pair ${PAIRING}`]);
});

test('what is being decided is left for no link, and one to it changes nothing else', async () => {
  await show({ at: 'confirm' }, true);
  await open(`#pair=${PAIRING}`);
  expect(led).toEqual([]);
  await open('#confirm=akita');
  expect(led).toEqual(['confirm akita']);
  await show({ at: 'confirm' }, true);
  await open(`#pair=${PAIRING}`);
  await show({ at: 'confirm' });
  expect(led.slice(1)).toEqual([`pair ${PAIRING}`]);
});
