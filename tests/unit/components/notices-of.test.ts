import { h, render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test } from 'vitest';
import { useNoticesOf } from '../../../components/notices-of.ts';
import type { NoticeEvents, Notices } from '../../../core/notices.ts';
import type { TokenSummary } from '../../../core/vault/token.ts';
import { draw } from './draw.ts';
import { aToken } from './tokens.ts';

const nothing = async () => 'off' as const;

/** A page whose tokens change, and what is asked of the notices. */
function start() {
  const told: string[] = [];
  let events: NoticeEvents | undefined;
  let followed = 0;
  const notices: Notices = {
    state: nothing,
    answered: () => true,
    turnOn: nothing,
    turnOff: nothing,
    renew: async (tokens) => void told.push(tokens.map(({ id, status }) => `${id} ${status}`).join()),
    leave: async () => undefined,
    follow: (given) => {
      events = given;
      followed += 1;
    },
  };
  const Page = ({ tokens, onPressed }: { tokens: readonly TokenSummary[]; onPressed: () => void }) => {
    useNoticesOf(notices, tokens, onPressed);
    return null;
  };
  const main = draw(null);
  const show = (tokens: readonly TokenSummary[], onPressed = () => {}) =>
    act(() => render(h(Page, { tokens, onPressed }), main));
  return { told, show, heard: () => events, followed: () => followed };
}

const one = () => aToken({ id: 'one', status: 'active' });
const two = () => aToken({ id: 'two', status: 'active' });

test('notices are renewed as tokens come and go, and not with each answer about them', async () => {
  const { told, show, followed } = start();
  await show([]);
  expect(told).toEqual([]);
  for (let answers = 0; answers < 5; answers += 1) await show([one()]);
  expect(told).toEqual(['one active']);
  await show([one(), two()]);
  await show([two()]);
  expect(told.slice(1)).toEqual(['one active,two active', 'two active']);
  expect(followed()).toBe(1);
});

test('what the page hears is about the tokens and the screen of that time', async () => {
  const { told, show, heard } = start();
  await show([one()]);
  let pressed = 0;
  await show([aToken({ id: 'one', status: 'suspended' })], () => {
    pressed += 1;
  });
  heard()?.changed();
  heard()?.pressed('senpoku');
  expect(told).toEqual(['one active', 'one suspended']);
  expect(pressed).toBe(1);
});
