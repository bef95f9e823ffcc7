import { beforeEach, describe, expect, test, vi } from 'vitest';
import { canonicalText } from '../../../../core/transaction/details.ts';
import { DETAILS } from '../service/fake-service.ts';

type Listener = (message: unknown, from: object) => unknown;

vi.stubGlobal('__WARIFU_FACES__', { senpoku: {}, akita: {} });

const runtime = vi.hoisted(() => ({
  listeners: new Set<Listener>(),
  asked: [] as unknown[],
  answer: undefined as unknown,
}));

vi.mock('../../../../platform/native.ts', () => ({
  native: {
    runtime: {
      id: 'warifu',
      onMessage: {
        addListener: (listener: Listener) => runtime.listeners.add(listener),
        removeListener: (listener: Listener) => runtime.listeners.delete(listener),
      },
      sendMessage: async (message: unknown) => {
        runtime.asked.push(message);
        return runtime.answer;
      },
    },
  },
}));

const { askedConfirmations } = await import('../../../../platform/shells/asked-confirmations.ts');

const CANONICAL = canonicalText(DETAILS);
const MESSAGE = {
  tokenId: 'first',
  details: CANONICAL,
  mode: 'code',
  status: 'waiting',
  onPage: { payee: 'same', amount: 'different' },
};
const PENDING = {
  tokenId: 'first',
  details: DETAILS,
  canonical: CANONICAL,
  mode: 'code',
  status: 'waiting',
  useBy: undefined,
  onPage: { payee: 'same', amount: 'different' },
} as const;

beforeEach(() => {
  runtime.listeners.clear();
  runtime.asked.length = 0;
  runtime.answer = undefined;
});

describe('confirmations by the background', () => {
  test('come with the details of their text', async () => {
    runtime.answer = { confirmations: [MESSAGE], failed: ['akita'] };
    expect(await askedConfirmations.latest()).toEqual({ confirmations: [PENDING], failed: ['akita'] });
    expect(runtime.asked).toEqual([{ type: 'confirmations.latest' }]);
  });

  test('come with the institutions that ask about what is not known here', async () => {
    runtime.answer = { confirmations: [], failed: [], unsupported: ['senpoku'] };
    expect(await askedConfirmations.latest()).toEqual(runtime.answer);
  });

  test('come without a word of a page where none is known to show them', async () => {
    const { onPage: _onPage, ...unseen } = MESSAGE;
    runtime.answer = { confirmations: [unseen], failed: [] };
    expect(await askedConfirmations.latest()).toEqual({
      confirmations: [{ ...PENDING, onPage: undefined }],
      failed: [],
    });
    runtime.answer = {
      confirmations: [{ ...MESSAGE, onPage: { payee: 'same', amount: 'perhaps' } }],
      failed: [],
    };
    expect((await askedConfirmations.latest()).failed).toEqual(['senpoku', 'akita']);
  });

  test('are not said to be none where there is no answer, or one of another shape', async () => {
    const none = { confirmations: [], failed: ['senpoku', 'akita'] };
    expect(await askedConfirmations.latest()).toEqual(none);
    runtime.answer = { confirmations: [{ ...MESSAGE, more: 1 }], failed: [] };
    expect(await askedConfirmations.latest()).toEqual(none);
    runtime.answer = { confirmations: [{ ...MESSAGE, details: '{"amount":1}' }], failed: [] };
    expect(await askedConfirmations.latest()).toEqual({ confirmations: [], failed: [] });
  });

  test('are decided on by the text itself', async () => {
    runtime.answer = { kind: 'decided', useBy: 1 };
    expect(await askedConfirmations.decide(PENDING, 'confirmed')).toEqual({ kind: 'decided', useBy: 1 });
    expect(runtime.asked).toEqual([
      { type: 'confirmation.decide', tokenId: 'first', decision: 'confirmed', details: CANONICAL },
    ]);
    runtime.answer = { kind: 'decided' };
    expect(await askedConfirmations.decide(PENDING, 'confirmed')).toEqual({
      kind: 'decided',
      useBy: undefined,
    });
    runtime.answer = { kind: 'refused', reason: 'gone' };
    expect(await askedConfirmations.decide(PENDING, 'confirmed')).toEqual(runtime.answer);
  });

  test('can be decided on again where the background did not answer', async () => {
    expect(await askedConfirmations.decide(PENDING, 'confirmed')).toEqual({
      kind: 'refused',
      reason: 'unreachable',
    });
  });

  test('have a code where the background has one', async () => {
    expect(await askedConfirmations.code(PENDING)).toEqual({ kind: 'unreachable' });
    for (const answer of [{ kind: 'made', code: '12345678' }, { kind: 'none' }, { kind: 'unreachable' }]) {
      runtime.answer = answer;
      expect(await askedConfirmations.code(PENDING)).toEqual(answer);
    }
  });
});

describe('watching', () => {
  const CHANGED = { type: 'confirmations.changed' };

  function watch() {
    const watching = new AbortController();
    const changed = vi.fn();
    runtime.answer = { streams: [] };
    askedConfirmations.watch(changed, watching.signal);
    const say = (message: unknown, from: object) => {
      for (const listener of runtime.listeners) listener(message, from);
    };
    return { watching, changed, say };
  }

  test('hears the background, until aborted', () => {
    const { watching, changed, say } = watch();
    say(CHANGED, { id: 'warifu' });
    expect(changed).toHaveBeenCalledTimes(1);
    watching.abort();
    say(CHANGED, { id: 'warifu' });
    expect(changed).toHaveBeenCalledTimes(1);
    expect(runtime.listeners.size).toBe(0);
  });

  test('does not begin to hear once aborted', () => {
    askedConfirmations.watch(vi.fn(), AbortSignal.abort());
    expect(runtime.listeners.size).toBe(0);
    expect(runtime.asked).toEqual([]);
  });

  test.each([
    ['a content script', CHANGED, { id: 'warifu', tab: { id: 1 } }],
    ['another extension', CHANGED, { id: 'another' }],
    ['nobody it knows', CHANGED, {}],
    ['another message', { type: 'confirmations.latest' }, { id: 'warifu' }],
  ])('does not hear %s', (_who, message, from) => {
    const { watching, changed, say } = watch();
    say(message, from);
    expect(changed).not.toHaveBeenCalled();
    watching.abort();
  });
});
