import { beforeEach, describe, expect, test, vi } from 'vitest';

/** The browser: the tab under the popup, what may be reached, and whether a script is there and can be put in. */
const world = vi.hoisted(() => ({
  tab: { id: 7, url: 'http://senpoku.localhost:4601/ib' as string | undefined },
  missing: [] as string[],
  answers: true,
  injectable: true,
  injected: 0,
}));

const FILLED = vi.hoisted(() => ({ kind: 'filled', screen: 'BLI023', at: 1 }));

vi.mock('../../../../platform/native.ts', () => ({
  native: {
    runtime: {
      getManifest: () => ({
        content_scripts: [{ matches: ['http://senpoku.localhost/*'], js: ['otp.js'] }],
        host_permissions: ['http://token.localhost/*', 'http://senpoku.localhost/*'],
      }),
      sendMessage: async () => (world.answers ? FILLED : undefined),
    },
    permissions: {
      contains: async ({ origins }: { origins: string[] }) =>
        origins.every((origin) => !world.missing.includes(origin)),
    },
    scripting: {
      executeScript: async () => {
        if (!world.injectable) throw new Error('Cannot access contents of the page');
        world.injected += 1;
        world.answers = true;
      },
    },
    tabs: {
      query: async () => [world.tab],
      sendMessage: async () => {
        if (!world.answers) throw new Error('Receiving end does not exist');
        return FILLED;
      },
    },
  },
}));

const PAGE = 'http://senpoku.localhost/*';
const SERVICE = 'http://token.localhost/*';

async function open() {
  vi.resetModules();
  return (await import('../../../../platform/shells/bank-page.ts')).bankPage;
}

beforeEach(() => {
  Object.assign(world, { missing: [], answers: true, injectable: true, injected: 0 });
  world.tab = { id: 7, url: 'http://senpoku.localhost:4601/ib' };
});

describe('the page under the popup', () => {
  test('is what its content script reports', async () => {
    expect(await (await open()).report()).toEqual(FILLED);
    expect(world.injected).toBe(0);
  });

  test.each([
    { missing: [PAGE], of: 'page' },
    { missing: [SERVICE], of: 'service' },
    { missing: [PAGE, SERVICE], of: 'both' },
  ])(
    'is not permitted where $of is missing, whatever its script says, and gets none',
    async ({ missing, of }) => {
      world.missing = missing;
      for (const answers of [true, false]) {
        world.answers = answers;
        expect(await (await open()).report()).toEqual({ kind: 'not-permitted', of });
        expect(await (await open()).fill()).toEqual({ kind: 'not-permitted', of });
      }
      expect(world.injected).toBe(0);
    },
  );

  test('whose address the browser does not tell may be the one whose permission is missing', async () => {
    world.tab = { id: 7, url: undefined };
    world.answers = false;
    expect(await (await open()).report()).toBeUndefined();
    world.missing = [PAGE];
    expect(await (await open()).report()).toEqual({ kind: 'not-permitted', of: 'page' });
  });

  test('elsewhere is none, though the permission for a bank is missing; the service’s is said', async () => {
    world.tab = { id: 7, url: 'https://elsewhere.example/' };
    world.answers = false;
    world.missing = [PAGE];
    expect(await (await open()).report()).toBeUndefined();
    world.missing = [SERVICE];
    expect(await (await open()).report()).toEqual({ kind: 'not-permitted', of: 'service' });
    expect(world.injected).toBe(0);
  });

  test('without its script gets it, and answers', async () => {
    world.answers = false;
    expect(await (await open()).report()).toEqual(FILLED);
    expect(world.injected).toBe(1);
  });

  test('that lets none in is to be loaded again', async () => {
    Object.assign(world, { answers: false, injectable: false });
    expect(await (await open()).report()).toEqual({ kind: 'not-injected' });
  });
});
