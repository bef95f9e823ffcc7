import { h } from 'preact';
import { describe, expect, test, vi } from 'vitest';
import { CodeCard } from '../../../components/code-card.tsx';
import { type CodeDisplay, displayOf } from '../../../components/code-display.tsx';
import type { CodeView } from '../../../components/token-state.ts';
import { draw } from './draw.ts';
import { text } from './texts.ts';
import { aToken, VIEW } from './tokens.ts';

const OPEN: CodeDisplay = { conceals: false, concealed: false, onToggle: () => undefined, nextCode: true };

function drawn(changes: Partial<CodeView>, display?: CodeDisplay, onCopied?: () => void) {
  const view = { ...VIEW, ...changes };
  const copied: string[] = [];
  const main = draw(
    h(CodeCard, {
      view,
      face: undefined,
      copyIsPrimary: true,
      copy: async (code) => void copied.push(code),
      onRetry: () => undefined,
      ...(display && displayOf(view, display)),
      ...(onCopied && { onCopied }),
    }),
  );
  const button = (name: string) =>
    [...main.querySelectorAll('button')].find(({ textContent }) => textContent?.trim() === name);
  return { main, copied, button };
}

describe('the next code', () => {
  test.each([
    ['in the last ten seconds', { seconds: 10 }, '8765 4321'],
    ['not before', { seconds: 11 }, ''],
    ['not where there is none', { next: undefined }, ''],
  ] as const)('is shown %s', (_when, view, digits) => {
    expect(drawn(view, OPEN).main.querySelector('.next-digits')?.textContent).toBe(digits);
  });

  test('is not shown beside a code that is hidden, nor unless the customer wants it', () => {
    const hidden = drawn({}, { ...OPEN, conceals: true, concealed: true }).main;
    expect(hidden.textContent).not.toMatch(/8765|1234/);
    expect(drawn({}).main.textContent).not.toContain('8765');
  });
});

test('a hidden code is not in the page, can be asked for, and can be copied', async () => {
  const onToggle = vi.fn();
  const hidden = { conceals: true, concealed: true, onToggle, nextCode: false };
  const { main, copied, button } = drawn({}, hidden);
  expect(main.textContent).not.toMatch(/1234|1 2 3 4/);
  button(text('reveal'))?.click();
  expect(onToggle).toHaveBeenCalledOnce();
  button(text('copy'))?.click();
  expect(copied).toEqual(['12345678']);
});

test.each([
  ['locked', 'verificationStoppedTitle', 'verificationStoppedBody'],
  ['suspended', 'suspendedTitle', 'suspendedBody'],
] as const)('%s, its service takes no code, and why is said in place of it', async (status, title, body) => {
  const { main } = drawn({ stopped: true, token: aToken({ status }) }, OPEN);
  await vi.waitFor(() => expect(main.textContent).toContain(text(title)), 20_000);
  expect(main.textContent).toContain(text(body));
  expect(main.textContent).not.toContain('1234');
});

test('one that was asked for can be hidden again, where that is wanted', () => {
  expect(drawn({}, { ...OPEN, conceals: true }).button(text('conceal'))).toBeDefined();
  expect(drawn({}, OPEN).button(text('conceal'))).toBeUndefined();
});

test('コピー says how many seconds are left, once, and tells that the token was used', async () => {
  const used = new Promise<void>((resolve) => {
    const { main, button } = drawn({ seconds: 23 }, OPEN, () => {
      setTimeout(() => {
        expect(main.querySelector('[role=status]')?.textContent).toBe(text('copiedSecondsLeft', '23'));
        resolve();
      });
    });
    button(text('copy'))?.click();
  });
  await used;
});
