import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Sender } from '../../../../core/autofill/asking.ts';
import type { DecisionOutcome, PendingConfirmation } from '../../../../core/transaction/confirmations.ts';
import { canonicalText, type Details } from '../../../../core/transaction/details.ts';
import type { TokenSummary } from '../../../../core/vault/token.ts';
import type { TokenReader } from '../../../../core/vault/vault.ts';
import type { Confirmer } from '../../../../platform/service/confirmer.ts';
import { TRANSFER } from '../../core/transaction/example.ts';
import { clockKeeperOf, DETAILS, FakeService, NOW, TOKEN } from '../../platform/service/fake-service.ts';

/** What the browser shows and keeps. */
const browser = vi.hoisted(() => ({
  kept: {} as Record<string, unknown>,
  badge: '',
  notices: new Map<string, { title: string; message: string }>(),
  shown: [] as string[],
  alarm: undefined as number | undefined,
  told: 0,
  opensPopup: true,
  tabs: [] as string[],
}));

vi.mock('../../../../platform/browser.ts', () => ({
  browser: {
    runtime: {
      id: 'warifu',
      getURL: (path: string) => `chrome-extension://warifu${path}`,
      sendMessage: async () => {
        browser.told += 1;
      },
    },
    i18n: { getMessage: (key: string) => key },
    storage: {
      session: {
        // Copies, as the browser makes them.
        get: async (key: string | null) =>
          structuredClone(key === null ? browser.kept : { [key]: browser.kept[key] }),
        set: async (items: Record<string, unknown>) => {
          Object.assign(browser.kept, structuredClone(items));
        },
        remove: async (keys: string | readonly string[]) => {
          for (const key of [keys].flat()) delete browser.kept[String(key)];
        },
      },
    },
    action: {
      setBadgeBackgroundColor: async () => undefined,
      setBadgeText: async ({ text, tabId }: { text: string; tabId?: number }) => {
        if (tabId === undefined) browser.badge = text;
      },
      openPopup: async () => {
        if (!browser.opensPopup) throw new Error('no window');
      },
    },
    notifications: {
      create: async (id: string, { title, message }: { title: string; message: string }) => {
        browser.shown.push(id);
        browser.notices.set(id, { title, message });
      },
      clear: async (id: string) => browser.notices.delete(id),
    },
    alarms: {
      create: (_name: string, { when }: { when: number }) => {
        browser.alarm = when;
      },
      clear: async () => {
        browser.alarm = undefined;
      },
    },
    tabs: {
      create: async ({ url }: { url: string }) => {
        browser.tabs.push(url);
      },
    },
  },
}));

const claimed = vi.hoisted(() => new Set<string>());
vi.mock('../../../../platform/storage/filled.ts', () => ({
  claimStep: async () => true,
  claimConfirmation: async (tokenId: string, id: string) => {
    const free = !claimed.has(tokenId + id);
    claimed.add(tokenId + id);
    return free;
  },
}));

await FakeService.start();
const { createConfirmationDesk } = await import('../../../../entrypoints/background/confirmations.ts');
const { createFiller } = await import('../../../../entrypoints/background/fill.ts');
const { createMemory } = await import('../../../../entrypoints/background/memory.ts');
const { createShownPages } = await import('../../../../entrypoints/background/shown-pages.ts');
const { createWaiting, openNotice } = await import('../../../../entrypoints/background/waiting.ts');

const SENDER: Sender = {
  extensionId: 'warifu',
  tabId: 7,
  frameId: 0,
  origin: 'https://ib.senpoku.example',
  documentId: 'a document',
};
const PAGE = '確認番号\n47\nお振込先人名\nミホン タロウ 様\nお振込金額\n150,000円';
const SEEN = { type: 'transfer.seen', screen: 'BFT003', text: PAGE } as const;
const EXPIRES = Date.parse(DETAILS.expiresAt);

function pending(given: Partial<Details> = {}, more: Partial<PendingConfirmation> = {}): PendingConfirmation {
  const details = { ...DETAILS, ...given };
  return {
    tokenId: details.token,
    details,
    canonical: canonicalText(details),
    mode: 'code',
    status: 'waiting',
    useBy: undefined,
    onPage: undefined,
    ...more,
  };
}

/** Tokens that fill by themselves, in a tab where nothing was filled. */
const automatic = {
  tokensOnRequest: async () => [],
  filledScreens: { of: async () => [] },
  grants: { heard: async () => undefined, take: async () => false, prolong: async () => undefined },
};

const ID = (letter: string) => letter.repeat(22);

let live: PendingConfirmation[];
let failed: string[];
let unsupported: string[] | undefined;
let outcome: DecisionOutcome;
let asked: string[][];
let paused: number[];
let deviceMs: number;
let locked: boolean;
/** Called at each pause. */
let meanwhile: () => void;

/** A background just started: what it knows, the browser has kept. */
function start(tokens: readonly TokenSummary[] = [TOKEN]) {
  const clock = () => deviceMs;
  const isLocked = async () => locked;
  const vault: TokenReader = {
    list: async () => [...tokens],
    selected: async () => undefined,
    select: async () => undefined,
    openKey: async () => {
      throw new Error('no login code is asked for');
    },
  };
  const confirmer: Confirmer = {
    latest: async (of) => {
      asked.push(of.map(({ id }) => id));
      const ids = of.map(({ id }) => id);
      const confirmations = live.filter(({ tokenId }) => ids.includes(tokenId));
      return { confirmations, failed, ...(unsupported && { unsupported }) };
    },
    decide: async () => outcome,
    code: async (_token, canonical) =>
      live.some((one) => one.canonical === canonical && one.status === 'confirmed') ? '12345678' : undefined,
    streams: async () => [],
  };
  const { keeper: clockKeeper } = clockKeeperOf({ offsetMs: 60_000, measuredAt: deviceMs });
  const memory = createMemory();
  const pages = createShownPages(memory('shown-pages'), clock);
  const waiting = createWaiting(memory('confirmations'), clock);
  const pause = async (ms: number) => {
    paused.push(ms);
    meanwhile();
  };
  const desk = createConfirmationDesk({ vault, isLocked, clockKeeper, confirmer, pages, waiting, pause });
  return { desk, waiting, filler: createFiller({ vault, isLocked, ...automatic, clock, clockKeeper, desk }) };
}

beforeEach(() => {
  Object.assign(browser, {
    kept: {},
    badge: '',
    shown: [],
    alarm: undefined,
    told: 0,
    opensPopup: true,
    tabs: [],
  });
  browser.notices.clear();
  claimed.clear();
  live = [pending()];
  unsupported = undefined;
  failed = [];
  outcome = { kind: 'decided', useBy: undefined };
  asked = [];
  paused = [];
  deviceMs = NOW;
  locked = false;
  meanwhile = () => undefined;
});

describe('a bank that shows a transfer', () => {
  test('has its confirmation asked for at once, counted and told of', async () => {
    expect(await start().desk.seen(SEEN, SENDER)).toEqual({ kind: 'expected', count: 1 });
    expect(paused).toEqual([0]);
    expect(browser.badge).toBe('1');
    expect(browser.told).toBe(1);
    expect([...browser.notices.values()]).toEqual([
      { title: 'confirmNoticeTitle', message: 'confirmNoticeBody' },
    ]);
  });

  test('is told of once, however often it shows it, and whatever becomes of the worker', async () => {
    await start().desk.seen(SEEN, SENDER);
    await start().desk.seen(SEEN, SENDER);
    await start().desk.seen(SEEN, { ...SENDER, tabId: 8 });
    expect(browser.shown).toHaveLength(1);
    live = [pending(), pending({ confirmation: ID('B') })];
    await start().desk.seen(SEEN, SENDER);
    expect(browser.shown).toHaveLength(2);
    expect(browser.badge).toBe('2');
  });

  test('is asked about a few times more while nothing waits, and then no more', async () => {
    live = [];
    expect(await start().desk.seen(SEEN, SENDER)).toEqual({ kind: 'expected', count: 0 });
    expect(asked).toHaveLength(4);
    expect(paused.reduce((sum, ms) => sum + ms)).toBeLessThan(10_000);
    expect(browser.shown).toEqual([]);
    expect(browser.told).toBe(0);
    expect(browser.badge).toBe('');
  });

  test('finds a confirmation that comes a little later', async () => {
    live = [];
    meanwhile = () => {
      if (paused.length === 3) live = [pending()];
    };
    expect(await start().desk.seen(SEEN, SENDER)).toEqual({ kind: 'expected', count: 1 });
    expect(asked).toHaveLength(3);
  });

  test('goes on looking where only another confirmation waits', async () => {
    live = [pending({ number: '12' })];
    expect(await start().desk.seen(SEEN, SENDER)).toEqual({ kind: 'expected', count: 0 });
    expect(asked).toHaveLength(4);
  });

  test('has all tokens of the institution asked, and no others', async () => {
    const tokens = [TOKEN, { ...TOKEN, id: 'second' }, { ...TOKEN, id: 'elsewhere', institution: 'akita' }];
    await start(tokens).desk.seen(SEEN, SENDER);
    expect(asked).toEqual([['second', 'first']]);
  });

  test.each([
    ['another extension', { extensionId: 'another' }, 'sender-extension'],
    ['a frame', { frameId: 1 }, 'sender-frame'],
    ['no tab', { tabId: undefined }, 'sender-frame'],
    ['another origin', { origin: 'https://ib.senpoku.example.evil.example' }, 'sender-origin'],
    ['no document', { documentId: undefined }, 'sender-document'],
  ] as const)('is no bank: %s', async (_who, from, reason) => {
    expect(await start().desk.seen(SEEN, { ...SENDER, ...from })).toEqual({ kind: 'refused', reason });
    expect(asked).toEqual([]);
    expect(browser.kept).toEqual({});
  });

  test('is refused for a screen that shows no transfer, and without a token', async () => {
    const login = { ...SEEN, screen: 'BLI023' };
    expect(await start().desk.seen(login, SENDER)).toEqual({ kind: 'refused', reason: 'screen-unknown' });
    expect(await start([]).desk.seen(SEEN, SENDER)).toEqual({ kind: 'refused', reason: 'no-token' });
    expect(asked).toEqual([]);
  });
});

test('a type of transaction that is not known here is told to the extension’s pages', async () => {
  live = [];
  unsupported = ['senpoku'];
  expect(await start().desk.latest()).toEqual({ confirmations: [], failed: [], unsupported: ['senpoku'] });
});

describe('what the page shows', () => {
  const SAME = { payee: 'same', amount: 'same' };
  const UNREAD = { payee: 'unread', amount: 'unread' };
  const compared = async () =>
    (await start().desk.latest()).confirmations.map(({ details, onPage }) => [
      JSON.parse(details).number,
      onPage,
    ]);
  const show = (text: string, tabId = 7) => start().desk.seen({ ...SEEN, text }, { ...SENDER, tabId });
  const UNNUMBERED = PAGE.replace('確認番号\n47\n', '');

  test('is compared with the confirmation of its 確認番号, after the worker was killed', async () => {
    live = [
      pending(),
      pending({ confirmation: ID('B'), number: '12', transaction: { ...TRANSFER, amount: 1 } }),
    ];
    await show(PAGE);
    expect(await compared()).toEqual([
      ['47', SAME],
      ['12', undefined],
    ]);
    await show(PAGE.replace('150,000', '900,000'));
    expect(await compared()).toEqual([
      ['47', { payee: 'same', amount: 'different' }],
      ['12', undefined],
    ]);
    await show(PAGE.replace('47', '12').replace('150,000円', '1円').replace('タロウ', 'ジロウ'));
    expect(await compared()).toEqual([
      ['47', undefined],
      ['12', { payee: 'different', amount: 'same' }],
    ]);
  });

  test('is compared without a 確認番号 only where no page has the right one', async () => {
    await show(UNNUMBERED.replace('150,000', '5'));
    expect(await compared()).toEqual([['47', { payee: 'same', amount: 'different' }]]);
    await show(PAGE, 8);
    expect(await compared()).toEqual([['47', SAME]]);
  });

  test('in two tabs counts in both', async () => {
    await show(PAGE.replace('150,000', '5'));
    await show(PAGE.replace('タロウ', 'ジロウ'), 8);
    expect(await compared()).toEqual([['47', { payee: 'different', amount: 'different' }]]);
  });

  test('is forgotten after a while', async () => {
    await show(PAGE.replace('150,000', '5'));
    deviceMs += 15 * 60_000;
    expect(await compared()).toEqual([['47', undefined]]);
  });

  test('and cannot be read is said to be unread', async () => {
    await show(PAGE.replace('150,000円', '***円'));
    expect(await compared()).toEqual([['47', { payee: 'same', amount: 'unread' }]]);
    await show('振込（取引認証）\n確認番号\n47');
    expect(await compared()).toEqual([['47', UNREAD]]);
  });

  test('is unread from when the page is left until it tells of itself again', async () => {
    await show(PAGE);
    await start().desk.left(7);
    expect(await compared()).toEqual([['47', UNREAD]]);
    await show(PAGE);
    expect(await compared()).toEqual([['47', SAME]]);
    await start().desk.left(7);
    await show(PAGE, 8);
    expect(await compared()).toEqual([['47', SAME]]);
  });

  test('is unread after a page without a 確認番号 was left', async () => {
    await show(UNNUMBERED);
    await start().desk.left(7);
    expect(await compared()).toEqual([['47', UNREAD]]);
  });

  test('is nothing to speak of where no page was, where it is closed, and where it was of another transfer', async () => {
    expect(await compared()).toEqual([['47', undefined]]);
    await start().desk.left(7);
    expect(await compared()).toEqual([['47', undefined]]);
    await show(PAGE.replace('47', '12'));
    await start().desk.left(7);
    expect(await compared()).toEqual([['47', undefined]]);
    await show(PAGE);
    await start().desk.closed(7);
    expect(await compared()).toEqual([['47', undefined]]);
    await show(PAGE);
    await start().desk.left(7);
    await start().desk.closed(7);
    expect(await compared()).toEqual([['47', undefined]]);
  });

  test('of a page that is left and comes at once is what came last', async () => {
    await show(PAGE);
    const { desk } = start();
    await Promise.all([desk.left(7), desk.seen(SEEN, SENDER)]);
    expect(await compared()).toEqual([['47', SAME]]);
  });
});

describe('the badge', () => {
  const decide = () => start().desk.decide('first', canonicalText(DETAILS), 'confirmed');

  beforeEach(async () => {
    live = [pending(), pending({ confirmation: ID('B'), number: '12' })];
    await start().desk.seen(SEEN, SENDER);
    expect(browser.badge).toBe('2');
  });

  test('counts down with a decision, and its notification goes', async () => {
    await decide();
    expect(browser.badge).toBe('1');
    expect([...browser.notices.keys()]).toEqual([`confirmation:${ID('B')}`]);
  });

  test('counts down for one that is gone, not for one that could not be decided', async () => {
    outcome = { kind: 'refused', reason: 'unreachable' };
    await decide();
    expect(browser.badge).toBe('2');
    outcome = { kind: 'refused', reason: 'gone' };
    await decide();
    expect(browser.badge).toBe('1');
  });

  test('follows what the service says; a service that cannot be asked changes nothing', async () => {
    failed = ['senpoku'];
    live = [];
    await start().desk.latest();
    expect(browser.badge).toBe('2');
    failed = [];
    live = [pending({}, { status: 'confirmed' })];
    await start().desk.latest();
    expect(browser.badge).toBe('');
    expect(browser.notices.size).toBe(0);
    expect(browser.alarm).toBeUndefined();
  });

  test('forgets what expires, by the service’s time, though no page asks', async () => {
    expect(browser.alarm).toBe(EXPIRES - 60_000);
    deviceMs = EXPIRES - 60_000 - 1;
    await start().waiting.expire();
    expect(browser.badge).toBe('2');
    deviceMs += 1;
    await start().waiting.expire();
    expect(browser.badge).toBe('');
    expect(browser.notices.size).toBe(0);
  });

  test('loses none of several changes at once', async () => {
    const { waiting } = start();
    await Promise.all([waiting.settle(ID('A')), waiting.settle(ID('B'))]);
    expect(browser.badge).toBe('');
  });
});

describe('while the vault is locked', () => {
  beforeEach(() => {
    locked = true;
  });

  test('a bank that shows a transfer has it counted and told of, and no service is asked', async () => {
    const { desk } = start();
    expect(await desk.seen(SEEN, SENDER)).toEqual({ kind: 'expected', count: 1 });
    expect(asked).toEqual([]);
    expect(browser.badge).toBe('1');
    expect(browser.told).toBe(1);
    const told = JSON.stringify([...browser.notices, browser.kept.waiting, await desk.latest()]);
    for (const detail of [TRANSFER.payee, String(TRANSFER.amount), TRANSFER.accountNumber, DETAILS.number])
      expect(told).not.toContain(`"${detail}"`);
    expect(told).not.toContain(TRANSFER.payee);
    expect([...browser.notices.values()]).toEqual([
      { title: 'confirmNoticeTitle', message: 'confirmNoticeBody' },
    ]);
  });

  test('pages hear how many wait as far as is known, and nothing else of them', async () => {
    expect(await start().desk.latest()).toEqual({ confirmations: [], failed: [], concealed: 0 });
    await start().desk.seen(SEEN, SENDER);
    await start().desk.seen(SEEN, { ...SENDER, tabId: 8 });
    expect(await start().desk.latest()).toEqual({ confirmations: [], failed: [], concealed: 2 });
    expect(asked).toEqual([]);
  });

  test('a page that tells again, or is of a transfer known before, counts once', async () => {
    locked = false;
    await start().desk.seen(SEEN, SENDER);
    locked = true;
    for (const text of [PAGE, `${PAGE}\nあ`]) await start().desk.seen({ ...SEEN, text }, SENDER);
    expect(browser.badge).toBe('1');
    expect(browser.shown).toHaveLength(1);
    for (const text of [PAGE, `${PAGE}\nあ`])
      await start().desk.seen({ ...SEEN, text }, { ...SENDER, tabId: 8 });
    expect(browser.badge).toBe('2');
    expect(browser.shown).toHaveLength(2);
  });

  test('a page that is left counts no more, and the next one in its tab is told of', async () => {
    await start().desk.seen(SEEN, SENDER);
    await start().desk.left(SENDER.tabId ?? 0);
    expect(browser.badge).toBe('');
    expect(browser.notices.size).toBe(0);
    await start().desk.seen(SEEN, { ...SENDER, documentId: 'next' });
    expect(browser.badge).toBe('1');
    expect(browser.shown).toHaveLength(2);
  });

  test('what a page spoke of counts no longer than a confirmation lives', async () => {
    await start().desk.seen(SEEN, SENDER);
    deviceMs = NOW + 5 * 60_000;
    await start().waiting.expire();
    expect(browser.badge).toBe('');
    expect(await start().desk.latest()).toMatchObject({ concealed: 0 });
  });

  test('unlocked, what the service says takes its place', async () => {
    await start().desk.seen(SEEN, SENDER);
    locked = false;
    live = [];
    expect(await start().desk.latest()).toEqual({ confirmations: [], failed: [] });
    expect(browser.badge).toBe('');
  });

  test('what is locked while the service is asked is not told of', async () => {
    const { desk } = start();
    const latest = desk.latest();
    locked = true;
    expect(await latest).toMatchObject({ confirmations: [], concealed: expect.any(Number) });
  });

  test('nothing is decided and no code is made', async () => {
    live = [pending({}, { status: 'confirmed', useBy: NOW + 1 })];
    const { desk } = start();
    const { tokenId, canonical } = pending();
    for (const decision of ['confirmed', 'rejected', 'not-me'] as const) {
      expect(await desk.decide(tokenId, canonical, decision)).toEqual({ kind: 'refused', reason: 'locked' });
    }
    expect(await desk.code(tokenId, canonical)).toBeUndefined();
    locked = false;
    expect(await desk.code(tokenId, canonical)).toEqual({ code: '12345678' });
  });
});

describe('a notification', () => {
  test('opens the popup, or the full page where there is none', async () => {
    await openNotice(`confirmation:${ID('A')}`);
    expect(browser.tabs).toEqual([]);
    browser.opensPopup = false;
    await openNotice(`confirmation:${ID('A')}`);
    expect(browser.tabs).toEqual(['chrome-extension://warifu/token.html#confirm']);
    await openNotice('of somebody else');
    expect(browser.tabs).toHaveLength(1);
  });
});

describe('the field for a confirmation code', () => {
  const REQUEST = { type: 'fill.request', screen: 'BFT003', maxLength: 8, text: PAGE } as const;
  const fill = (request: Partial<typeof REQUEST> | object = {}) =>
    start().filler.fill({ ...REQUEST, ...request }, SENDER);
  const refused = (reason: string) => ({ kind: 'refused', reason });

  test('gets the code once the transfer is confirmed, and once only', async () => {
    expect(await fill()).toEqual(refused('confirmation-missing'));
    live = [pending({}, { status: 'confirmed', useBy: NOW + 1 })];
    expect(await fill()).toEqual({ kind: 'code', code: '12345678' });
    expect(await fill()).toEqual(refused('field-changed'));
  });

  test('asked for several times at once it gets the code once', async () => {
    live = [pending({}, { status: 'confirmed', useBy: NOW + 1 })];
    const kinds = (await Promise.all([fill(), fill(), fill()])).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'code')).toHaveLength(1);
  });

  test('gets the code again as another document, after a wrong 確認用パスワード', async () => {
    live = [pending({}, { status: 'confirmed', useBy: NOW + 1 })];
    const { filler } = start();
    expect(await filler.fill(REQUEST, SENDER)).toMatchObject({ kind: 'code' });
    const next = { ...SENDER, documentId: 'next' };
    expect(await filler.fill(REQUEST, next)).toMatchObject({ kind: 'code' });
    expect(await filler.fill(REQUEST, next)).toEqual(refused('field-changed'));
  });

  test('gets none where the page shows another transfer, and it can be filled when that is put right', async () => {
    live = [pending({}, { status: 'confirmed', useBy: NOW + 1 })];
    expect(await fill({ text: PAGE.replace('150,000', '9') })).toEqual(refused('confirmation-differs'));
    expect(await fill()).toMatchObject({ kind: 'code' });
  });

  test('W3: never gets a login code, nor a login field a confirmation code', async () => {
    live = [pending({}, { status: 'confirmed', useBy: NOW + 1 })];
    // The vault of these tests throws where a login code is asked for.
    expect(await fill({ screen: 'BLI023' })).toEqual(refused('vault'));
    expect(claimed.size).toBe(0);
  });

  test('while the vault is locked gets none, of either kind', async () => {
    locked = true;
    live = [pending({}, { status: 'confirmed', useBy: NOW + 1 })];
    expect(await fill()).toEqual(refused('locked'));
    expect(await fill({ screen: 'BLI023' })).toEqual(refused('locked'));
    expect(claimed.size).toBe(0);
  });

  test('asks no service for who is no bank', async () => {
    const { filler } = start();
    expect(await filler.fill(REQUEST, { ...SENDER, frameId: 1 })).toEqual(refused('sender-frame'));
    expect(asked).toEqual([]);
  });
});
