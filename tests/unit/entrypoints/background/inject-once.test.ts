import { beforeEach, describe, expect, test, vi } from 'vitest';
import { injectOnce } from '../../../../entrypoints/background/inject-once.ts';
import { createMemory } from '../../../../entrypoints/background/memory.ts';
import { injectInto, injectReader } from '../../../../platform/content-scripts.ts';

/** The browser: its memory for the extension, its tabs, and what was put into them. */
const world = vi.hoisted(() => ({
  memory: {} as Record<string, unknown>,
  tabs: [] as { id: number; url: string }[],
  injected: [] as unknown[],
  refuses: [] as number[],
}));

const api = vi.hoisted(() => ({
  storage: {
    session: {
      get: async () => world.memory,
      set: async (items: object) => void Object.assign(world.memory, items),
    },
  },
  runtime: {
    getManifest: () => ({
      content_scripts: [
        { matches: ['http://senpoku.localhost/*'], js: ['otp.js'], all_frames: false },
        { matches: ['http://aomoriken.localhost/*'], js: ['otp.js'], all_frames: true },
      ],
    }),
  },
  tabs: {
    query: async ({ url }: { url: string[] }) =>
      world.tabs.filter((tab) => url.some((pattern) => tab.url.startsWith(pattern.slice(0, -2)))),
  },
  scripting: {
    executeScript: async (injection: { target: { tabId: number } }) => {
      if (world.refuses.includes(injection.target.tabId))
        throw new Error('Cannot access contents of the page');
      world.injected.push(injection);
    },
  },
}));

vi.mock('../../../../platform/browser.ts', () => ({ browser: api }));
vi.mock('../../../../platform/native.ts', () => ({ native: api }));

beforeEach(() => {
  world.memory = {};
  world.injected = [];
  world.refuses = [];
  world.tabs = [
    { id: 1, url: 'http://senpoku.localhost:4601/ib' },
    { id: 2, url: 'http://elsewhere.localhost/' },
    { id: 3, url: 'http://aomoriken.localhost:4601/' },
  ];
});

/** A worker that has just started. */
const start = () => injectOnce(createMemory()('content-scripts'));

const into = (tabId: number, allFrames: boolean) => ({ target: { tabId, allFrames }, files: ['otp.js'] });

describe('the reader', () => {
  test('is injected into the frame that asked, and into no other', async () => {
    await injectReader({ tabId: 1, frameId: 4 });
    expect(world.injected).toEqual([
      {
        target: { tabId: 1, frameIds: [4] },
        files: ['content-scripts/otp.js'],
        injectImmediately: true,
      },
    ]);
  });

  test('goes nowhere without a tab and a frame, and a refusal is no error', async () => {
    await injectReader({ tabId: undefined, frameId: 0 });
    await injectReader({ tabId: 1, frameId: undefined });
    world.refuses = [3];
    await injectReader({ tabId: 3, frameId: 0 });
    expect(world.injected).toEqual([]);
  });
});

describe('pages that were open before the extension', () => {
  test('get their content script, in frames where the bank asks there; others get none', async () => {
    await start();
    expect(world.injected).toEqual([into(1, false), into(3, true)]);
  });

  test('get it once, however often the worker starts, and again after an update', async () => {
    await start();
    await start();
    expect(world.injected).toHaveLength(2);
    world.memory = {};
    await start();
    expect(world.injected).toHaveLength(4);
  });

  test('are not kept from it by one that lets no script in', async () => {
    world.refuses = [1];
    await start();
    expect(world.injected).toEqual([into(3, true)]);
  });

  test('asked for by the popup: only a bank’s, by its host; a refusal is told', async () => {
    expect(await injectInto(1, 'http://senpoku.localhost:4999/')).toBe(true);
    expect(await injectInto(2, 'http://elsewhere.localhost/')).toBe(false);
    expect(await injectInto(2, 'http://senpoku.localhost.evil.localhost/')).toBe(false);
    expect(await injectInto(2, 'https://senpoku.localhost/')).toBe(false);
    world.refuses = [3];
    expect(await injectInto(3, 'http://aomoriken.localhost:4601/')).toBe(false);
    expect(world.injected).toEqual([into(1, false)]);
  });
});
