import { h, render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useBackButton } from '../../../components/back-button.ts';
import { draw } from './draw.ts';

let page: EventTarget;
let address: { hash: string };
let entries: (string | null)[];
let main: HTMLElement;
let pressed: number;

beforeEach(() => {
  page = new EventTarget();
  address = { hash: '' };
  entries = [null];
  pressed = 0;
  main = draw(null);
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('location', address);
  vi.stubGlobal('history', {
    get state() {
      return entries.at(-1);
    },
    pushState: (state: string) => entries.push(state),
  });
});
afterEach(async () => {
  await act(() => render(null, main));
  vi.unstubAllGlobals();
});

function Page({ away }: { away: boolean }) {
  useBackButton(away, () => {
    pressed += 1;
  });
  return null;
}

const show = (away: boolean) => act(() => render(h(Page, { away }), main));

function goBack() {
  entries.pop();
  page.dispatchEvent(new Event('popstate'));
}

test('away from home a press leaves the screen, and the next one counts again', async () => {
  await show(false);
  goBack();
  expect(pressed).toBe(0);
  entries = [null];
  await show(true);
  expect(entries).toEqual([null, 'away']);
  goBack();
  expect(pressed).toBe(1);
  await vi.waitFor(() => expect(entries).toEqual([null, 'away']), 20_000);
});

test('a link that is opened in the page is no press of it, and the press after it is', async () => {
  await show(true);
  entries.push(null);
  address.hash = '#confirm';
  page.dispatchEvent(new Event('popstate'));
  expect(pressed).toBe(0);
  address.hash = '';
  goBack();
  expect(pressed).toBe(1);
});
