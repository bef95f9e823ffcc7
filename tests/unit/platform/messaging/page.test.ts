import { beforeEach, describe, expect, test, vi } from 'vitest';
import { object, oneOf, text } from '../../../../core/messages/shape.ts';

type Listener = (message: unknown, from: object, answer: (reply: unknown) => void) => unknown;

const runtime = vi.hoisted(() => ({
  listeners: [] as Listener[],
  sendMessage: (_message: unknown): Promise<unknown> => Promise.resolve(undefined),
}));

vi.mock('../../../../platform/native.ts', () => ({
  native: {
    runtime: {
      id: 'warifu',
      onMessage: { addListener: (listener: Listener) => runtime.listeners.push(listener) },
      sendMessage: (message: unknown) => runtime.sendMessage(message),
    },
  },
}));

const { answerExtensionPages, ask } = await import('../../../../platform/messaging/page.ts');

const reply = object({ kind: oneOf('code'), code: text() });

describe('asking the background', () => {
  test('gives its answer', async () => {
    runtime.sendMessage = async () => ({ kind: 'code', code: '12345678' });
    expect(await ask({}, reply)).toEqual({ kind: 'code', code: '12345678' });
  });

  test.each([
    undefined,
    null,
    'code',
    { kind: 'code' },
    { kind: 'code', code: 1 },
    { kind: 'code', code: '1', x: 1 },
  ])('takes %j for no answer', async (answer) => {
    runtime.sendMessage = async () => answer;
    expect(await ask({}, reply)).toBeUndefined();
  });

  test('asks once more where the background ended before it answered', async () => {
    let asked = 0;
    runtime.sendMessage = async () => {
      asked += 1;
      if (asked === 1) throw new Error('the message channel closed before a response was received');
      return { kind: 'code', code: '12345678' };
    };
    expect(await ask({}, reply)).toEqual({ kind: 'code', code: '12345678' });
    expect(asked).toBe(2);
  });

  test('is no error where the background is gone', async () => {
    runtime.sendMessage = () => Promise.reject(new Error('Could not establish connection'));
    expect(await ask({}, reply)).toBeUndefined();
    runtime.sendMessage = () => {
      throw new Error('Extension context invalidated');
    };
    expect(await ask({}, reply)).toBeUndefined();
  });
});

describe('a content script', () => {
  const request = object({ type: oneOf('page.report') });
  let asked = 0;
  beforeEach(() => {
    asked = 0;
    runtime.listeners.length = 0;
    answerExtensionPages(request, async () => {
      asked += 1;
      return 'a report';
    });
  });
  const say = (message: unknown, from: object) =>
    new Promise((resolve) => {
      if (runtime.listeners[0]?.(message, from, resolve) !== true) resolve('no answer');
    });

  test('answers the popup', async () => {
    expect(await say({ type: 'page.report' }, { id: 'warifu' })).toBe('a report');
  });

  test.each([{ id: 'another' }, {}, { id: 'warifu', tab: { id: 1 } }])(
    'does not answer %j: another extension, or a tab',
    async (from) => {
      expect(await say({ type: 'page.report' }, from)).toBe('no answer');
      expect(asked).toBe(0);
    },
  );

  test('does not answer what it does not know', async () => {
    expect(await say({ type: 'page.fill' }, { id: 'warifu' })).toBe('no answer');
    expect(await say({ type: 'page.report', x: 1 }, { id: 'warifu' })).toBe('no answer');
    expect(asked).toBe(0);
  });
});
