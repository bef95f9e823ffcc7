import { h } from 'preact';
import { describe, expect, test } from 'vitest';
import { ClockLine } from '../../components/clock-line.tsx';
import { CodeCard } from '../../components/code-card.tsx';
import { displayOf } from '../../components/code-display.tsx';
import { BelowCode, InsteadOfCode } from '../../components/code-trouble.tsx';
import { Header } from '../../components/header.tsx';
import { Loading } from '../../components/loading.tsx';
import type { Texts } from '../../components/text.ts';
import type { CodeView } from '../../components/token-state.ts';
import { firstTexts } from '../../first-texts.ts';
import { webTexts } from '../../platform/shells/web-texts.ts';
import { draw } from './components/draw.ts';
import { aToken, VIEW } from './components/tokens.ts';

const nothing = () => undefined;
const display = { conceals: true, concealed: true, onToggle: nothing, nextCode: true };
const given = { face: undefined, ending: true, onRetry: nothing };
const card = (view: CodeView) =>
  h(CodeCard, { view, ...given, ...displayOf(view, display), copyIsPrimary: true, copy: async () => {} });

describe.each(['ja', 'en'])('before all texts are loaded, in %s, no text is missing', (language) => {
  test.each([
    ['a code', card(VIEW)],
    ['a serial token', card({ ...VIEW, token: aToken({ kind: 'serial' }) })],
    ['a token that ends', h(BelowCode, { ...given, view: { ...VIEW, registration: 'waiting' } })],
    ['a token nobody heard of', h(BelowCode, { ...given, view: { ...VIEW, registration: 'unheard' } })],
    ['one that lapsed', h(InsteadOfCode, { ...given, view: { ...VIEW, registration: 'lapsed' } })],
    ['one that has expired', h(InsteadOfCode, { ...given, view: { ...VIEW, expired: true } })],
    ['one that is suspended', h(InsteadOfCode, { ...given, view: { ...VIEW, suspended: true } })],
    ['one that is over', h(InsteadOfCode, { ...given, view: { ...VIEW, over: true } })],
    ['one that cannot be read', h(InsteadOfCode, { ...given, view: { ...VIEW, unreadable: true } })],
    ['an unmeasured clock', h(ClockLine, { clock: { kind: 'unmeasured' }, deviceMs: 0, onCheck: nothing })],
    [
      'no network',
      h(ClockLine, { clock: { kind: 'unreachable', last: undefined }, deviceMs: 0, onCheck: nothing }),
    ],
    ['a wait', h(Loading, {})],
    ['the way back', h(Header, { onBack: nothing })],
  ] as const)('%s', (_name, view) => {
    const { text } = webTexts(language, firstTexts());
    const missing: string[] = [];
    const noting: Texts = (key, ...substitutions) => {
      const found = text(key, ...substitutions);
      if (found === '') missing.push(key);
      return found;
    };
    expect(draw(view, noting).textContent).not.toBe('');
    expect(missing).toEqual([]);
  });
});

test('what is shown later is not among them', () => {
  const { ja, en } = firstTexts();
  expect(Object.keys(ja)).toEqual(Object.keys(en));
  expect(Object.keys(ja)).not.toContain('installTitle');
});
