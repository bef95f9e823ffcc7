import { h, render } from 'preact';
import { act } from 'preact/test-utils';
import { beforeEach, expect, test } from 'vitest';
import { useAsked } from '../../../../components/approval/asked.ts';
import type { Route } from '../../../../components/token-route.ts';
import { draw } from '../draw.ts';

interface Page {
  readonly asked: string | undefined;
  readonly ready: boolean;
  readonly route: Route;
}

const CODE: Route = { at: 'code' };
const CONFIRM: Route = { at: 'confirm' };
const QUESTION = { asked: 'first', ready: true, route: CODE };

let main: HTMLElement;
let led: number;

function Page({ asked, ready, route }: Page) {
  useAsked(asked, ready, route, () => {
    led += 1;
  });
  return null;
}

/** Shows one page after the other. @returns how often the customer was led to a question */
async function through(...pages: Page[]): Promise<number> {
  for (const page of pages) await act(() => render(h(Page, page), main));
  return led;
}

beforeEach(() => {
  main = draw(null);
  led = 0;
});

test('a question is led to once, and not again after the customer went back from it', async () => {
  expect(await through(QUESTION)).toBe(1);
  expect(await through({ ...QUESTION, route: CONFIRM }, QUESTION)).toBe(1);
  expect(await through({ ...QUESTION, asked: 'second' })).toBe(2);
});

test.each<Route>([
  { at: 'desktops' },
  { at: 'pair', from: 'code' },
  { at: 'display' },
  { at: 'notices' },
  { at: 'lock' },
  { at: 'pick', item: 'rename' },
])('a question that comes during $at is led to after it', async (route) => {
  expect(await through({ ...QUESTION, route })).toBe(0);
  expect(await through(QUESTION)).toBe(1);
});

test('a question that comes while the app is locked is led to once it is unlocked', async () => {
  expect(await through({ ...QUESTION, ready: false })).toBe(0);
  expect(await through(QUESTION)).toBe(1);
});

test('a question that comes where questions are shown is not led to once more', async () => {
  await through({ ...QUESTION, asked: undefined, route: CONFIRM }, { ...QUESTION, route: CONFIRM });
  const before = led;
  expect(await through(QUESTION)).toBe(before);
});
