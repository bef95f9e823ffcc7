import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Sender } from '../../../../core/autofill/asking.ts';
import { text } from '../../../../core/messages/shape.ts';
import { fillTab } from '../../../../entrypoints/background/fill-command.ts';
import { createFillGrants } from '../../../../entrypoints/background/fill-grants.ts';
import { createMemory } from '../../../../entrypoints/background/memory.ts';

/** The browser's memory, which outlives a worker. */
const kept = vi.hoisted(() => new Map<string, unknown>());

/** What the content script of a tab answers; none is there unless a test says so. */
const page = vi.hoisted(() => ({ answer: async (): Promise<unknown> => undefined }));

vi.mock('../../../../platform/browser.ts', () => ({
  browser: {
    tabs: { sendMessage: () => page.answer() },
    storage: {
      session: {
        get: async () => structuredClone(Object.fromEntries(kept)),
        set: async (items: object) => {
          for (const [key, value] of Object.entries(items)) kept.set(key, structuredClone(value));
        },
        remove: async (keys: string | string[]) => {
          for (const key of [keys].flat()) kept.delete(key);
        },
      },
    },
  },
}));

let now = 0;
const start = () => createFillGrants(createMemory()('fill-grants'), () => now);
const sender = (documentId = 'a document', tabId = 7): Sender => ({
  extensionId: 'warifu',
  tabId,
  frameId: 0,
  origin: 'https://ib.senpoku.example',
  documentId,
});

beforeEach(() => {
  kept.clear();
  now = 1_795_249_200_000;
});

describe('what the customer asked for', () => {
  test('is nothing until it was asked', async () => {
    expect(await start().take(sender())).toBe(false);
  });

  test('counts once, of any number that ask at the same time', async () => {
    const grants = start();
    await grants.grant(7);
    const taken = await Promise.all(Array.from({ length: 20 }, () => grants.take(sender())));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  test('is the tab’s alone', async () => {
    const grants = start();
    await grants.grant(7);
    expect(await grants.take(sender('a document', 8))).toBe(false);
    expect(await grants.take({ ...sender(), tabId: undefined })).toBe(false);
    expect(await grants.take(sender())).toBe(true);
  });

  test('is the document’s that asked before', async () => {
    const grants = start();
    await grants.heard(sender('the first'));
    await grants.grant(7);
    expect(await grants.take(sender('the second'))).toBe(false);
    expect(await grants.take(sender('the first'))).toBe(true);
  });

  test('is the document’s that asked before and got its answer', async () => {
    const grants = start();
    expect(await grants.take(sender('the first'))).toBe(false);
    await grants.grant(7);
    expect(await grants.take(sender('the second'))).toBe(false);
  });

  test('is over after seconds, and with the page', async () => {
    const grants = start();
    await grants.grant(7);
    now += 5_000;
    expect(await grants.take(sender())).toBe(false);
    now -= 5_000;
    expect(await grants.take(sender())).toBe(false);
    await grants.heard(sender());
    await grants.grant(7);
    await grants.forget(7);
    expect([...kept]).toEqual([]);
    expect(await grants.take(sender())).toBe(false);
  });

  test('stays with a document that only changed its address, but not with whichever is there', async () => {
    const grants = start();
    const isShown = async ({ documentId }: { documentId?: string | undefined }) => documentId === 'the first';
    await grants.heard(sender('the first'));
    await grants.grant(7);
    await grants.unbind(7);
    await grants.forget(7, isShown);
    expect(await grants.take(sender('the first'))).toBe(true);
    await grants.heard(sender('the second'));
    await grants.grant(7);
    await grants.forget(7, isShown);
    expect(await grants.take(sender('the second'))).toBe(false);
    await grants.forget(7);
    await grants.grant(7);
    await grants.unbind(7);
    expect(await grants.take(sender('the first'))).toBe(false);
  });

  test('outlives a killed worker no longer than it lives', async () => {
    await start().grant(7);
    now += 4_999;
    expect(await start().take(sender())).toBe(true);
    await start().grant(7);
    now += 5_000;
    expect(await start().take(sender())).toBe(false);
  });

  test('counts for the next code where it came too early for it', async () => {
    const grants = start();
    await grants.grant(7);
    expect(await grants.take(sender())).toBe(true);
    await grants.prolong(sender(), 42_000);
    now += 42_000;
    expect(await grants.take(sender('another'))).toBe(false);
    expect(await grants.take(sender())).toBe(true);
    expect(await grants.take(sender())).toBe(false);
  });
});

describe('a tab to be filled', () => {
  test('is granted before its page looks, and tells what came of it', async () => {
    const grants = start();
    let granted = false;
    page.answer = async () => {
      granted = await grants.take(sender());
      return { kind: 'filled', screen: 'BLI023', at: now };
    };
    expect(await fillTab(grants, 7)).toEqual({ kind: 'filled', screen: 'BLI023', at: now });
    expect(granted).toBe(true);
  });

  test('that shows no page of a bank keeps nothing', async () => {
    const grants = start();
    page.answer = () => Promise.reject(new Error('no receiver'));
    expect(await fillTab(grants, 7)).toBeUndefined();
    expect([...kept]).toEqual([]);
  });
});

test('of the session storage nothing is remembered but what the background wrote: the vault’s secret stays where it is', async () => {
  kept.set('unlocked', { secret: [1, 2, 3] });
  const memory = createMemory()('fill-grants');
  expect(await memory.all((value): value is unknown => value !== undefined)).toEqual([]);
  await memory.set('a key', 'a value');
  expect(await createMemory()('fill-grants').get('a key', text())).toBe('a value');
  expect(await createMemory()('another part').get('a key', text())).toBeUndefined();
  expect(kept.get('unlocked')).toEqual({ secret: [1, 2, 3] });
});
