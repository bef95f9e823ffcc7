import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Sender } from '../../../../core/autofill/asking.ts';
import { useFakeIndexedDb } from '../../platform/storage/fake-database.ts';

let now = 1_795_249_200_000;

/** The background started anew, after an update as well: its memory is gone, the disk is not. */
async function start() {
  vi.resetModules();
  const { createFilledScreens } = await import('../../../../entrypoints/background/filled-screens.ts');
  return createFilledScreens(() => now);
}

const sender = (documentId: string | undefined = 'a document', tabId = 7): Sender => ({
  extensionId: 'warifu',
  tabId,
  frameId: 0,
  origin: 'https://ib.senpoku.example',
  documentId,
});

beforeEach(() => {
  useFakeIndexedDb(new IDBFactory());
  now = 1_795_249_200_000;
});

describe('a screen that was filled', () => {
  test('is known after an update of the extension, in its own document alone', async () => {
    await (await start()).add(sender(), 'BLI023');
    const updated = await start();
    expect(await updated.of(sender())).toEqual(['BLI023']);
    expect(await updated.recall(sender(), 'BLI023')).toBe(now);
    expect(await updated.recall(sender(), 'BOS001')).toBeUndefined();
    expect(await updated.of(sender('another document'))).toEqual([]);
    expect(await updated.recall(sender('another document'), 'BLI023')).toBeUndefined();
    expect(await updated.recall({ ...sender(), documentId: undefined }, 'BLI023')).toBeUndefined();
  });

  test('is recalled as it was filled last', async () => {
    const screens = await start();
    await screens.add(sender(), 'BLI023');
    now += 60_000;
    await screens.add(sender(), 'BLI023');
    expect(await screens.recall(sender(), 'BLI023')).toBe(now);
  });

  test('is forgotten with its tab, and when the browser starts', async () => {
    const screens = await start();
    await screens.add(sender('here', 7), 'BLI023');
    await screens.add(sender('there', 8), 'BLI023');
    await screens.forget(7);
    expect(await screens.of(sender('here', 7))).toEqual([]);
    expect(await screens.of(sender('there', 8))).toEqual(['BLI023']);
    await screens.forgetAll();
    expect(await screens.of(sender('there', 8))).toEqual([]);
  });

  test('is remembered among a hundred at most, the oldest let go first', async () => {
    const screens = await start();
    for (let at = 0; at <= 100; at += 1) await screens.add(sender(`document ${at}`), 'BLI023');
    expect(await screens.of(sender('document 0'))).toEqual([]);
    expect(await screens.of(sender('document 1'))).toEqual(['BLI023']);
    expect(await screens.of(sender('document 100'))).toEqual(['BLI023']);
  });
});
