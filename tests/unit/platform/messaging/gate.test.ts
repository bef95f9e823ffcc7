import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Sender } from '../../../../core/autofill/gate.ts';
import { object, oneOf, text } from '../../../../core/messages/shape.ts';

type Listener = (message: unknown, from: object) => unknown;

const heard = vi.hoisted(() => ({ listeners: [] as Listener[] }));

vi.mock('../../../../platform/browser.ts', () => ({
  browser: {
    runtime: {
      id: 'warifu',
      onMessage: { addListener: (listener: Listener) => heard.listeners.push(listener) },
    },
  },
}));

const { listen, on } = await import('../../../../platform/messaging/gate.ts');

const greeting = object({ type: oneOf('greet'), name: text() });
const GREETING = { type: 'greet', name: '花子' };

describe('the gate of the background', () => {
  const asked: { message: unknown; sender: Sender }[] = [];
  beforeEach(() => {
    asked.length = 0;
    heard.listeners.length = 0;
    listen(
      on(greeting, async (message, sender) => {
        asked.push({ message, sender });
        return 'hello';
      }),
      on(object({ type: oneOf('part') }), async () => 'good-bye'),
    );
  });
  const say = (message: unknown, from: object = { id: 'warifu' }) => heard.listeners[0]?.(message, from);

  test('answers this extension, telling the handler the browser’s account of the sender', async () => {
    const from = {
      id: 'warifu',
      tab: { id: 7 },
      frameId: 0,
      origin: 'https://ib.example',
      documentId: 'a',
      url: 'https://elsewhere.example/',
    };
    expect(await say(GREETING, from)).toBe('hello');
    expect(asked).toEqual([
      {
        message: GREETING,
        sender: {
          extensionId: 'warifu',
          tabId: 7,
          frameId: 0,
          origin: 'https://ib.example',
          documentId: 'a',
        },
      },
    ]);
  });

  test.each([{ id: 'another' }, { id: undefined }, {}])('gives %j no answer', (from) => {
    expect(say(GREETING, from)).toBeUndefined();
    expect(asked).toEqual([]);
  });

  test.each([
    undefined,
    null,
    'greet',
    [],
    {},
    { type: 'greet' },
    { type: 'greet', name: 1 },
    { type: 'greet', name: '花子', more: true },
    { type: 'other', name: '花子' },
  ])('gives the message %j no answer', (message) => {
    expect(say(message)).toBeUndefined();
    expect(asked).toEqual([]);
  });

  test('leaves a message to the handler it is for', async () => {
    expect(await say({ type: 'part' })).toBe('good-bye');
    expect(asked).toEqual([]);
  });
});
