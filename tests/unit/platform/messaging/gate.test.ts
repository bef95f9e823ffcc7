import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Sender } from '../../../../core/autofill/asking.ts';
import { object, oneOf, text } from '../../../../core/messages/shape.ts';

type Listener = (message: unknown, from: object) => unknown;

const heard = vi.hoisted(() => ({ listeners: [] as Listener[] }));

vi.mock('../../../../platform/browser.ts', () => ({
  browser: {
    runtime: {
      id: 'warifu',
      getURL: (path: string) => `chrome-extension://warifu${path}`,
      onMessage: { addListener: (listener: Listener) => heard.listeners.push(listener) },
    },
  },
}));

const { listen, on, onFromOwnPages } = await import('../../../../platform/messaging/gate.ts');

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
      onFromOwnPages(object({ type: oneOf('confide') }), async () => 'a secret'),
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

  const SECRET = { type: 'confide' };
  const OWN = 'chrome-extension://warifu';

  test.each([
    ['the popup', { id: 'warifu', origin: OWN }],
    ['its full page in a tab', { id: 'warifu', origin: OWN, tab: { id: 3 }, frameId: 0 }],
  ])('confides in %s', async (_who, from) => {
    expect(await say(SECRET, from)).toBe('a secret');
  });

  test.each([
    ['a content script', { id: 'warifu', origin: 'https://ib.example', tab: { id: 3 }, frameId: 0 }],
    ['a content script in a frame without an origin', { id: 'warifu', origin: 'null', tab: { id: 3 } }],
    ['one of no origin', { id: 'warifu' }],
    ['another extension', { id: 'another', origin: 'chrome-extension://another' }],
    ['another extension under this id', { id: 'warifu', origin: 'chrome-extension://another' }],
    ['this origin under another id', { id: 'another', origin: OWN }],
    ['an origin that begins like it', { id: 'warifu', origin: `${OWN}.evil.example` }],
    [
      'a page that says so in its address',
      { id: 'warifu', url: `${OWN}/popup.html`, origin: 'https://ib.example' },
    ],
  ])('does not confide in %s', (_who, from) => {
    expect(say(SECRET, from)).toBeUndefined();
  });
});
