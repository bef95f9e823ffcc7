import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Sender } from '../../../../core/autofill/asking.ts';
import { CHECKS } from '../../../../core/autofill/checks.ts';
import { fillRefusals } from '../../../../core/messages/fill.ts';
import type { TokenSummary } from '../../../../core/vault/token.ts';
import { clockKeeperOf, FakeService, NOW, TOKEN } from '../../platform/service/fake-service.ts';

/** The alarm that is set, and what was counted. */
const alarm: { set: object | undefined } = { set: undefined };
const counted: unknown[][] = [];

vi.mock('../../../../platform/browser.ts', () => ({
  browser: {
    runtime: { id: 'warifu' },
    alarms: {
      get: async () => alarm.set,
      create: (_name: string, how: object) => {
        alarm.set = how;
      },
      clear: async () => {
        alarm.set = undefined;
      },
    },
  },
}));
vi.mock('../../../../platform/storage/refused-fills.ts', () => ({
  addRefusedFill: async (...what: unknown[]) => {
    counted.push(what);
  },
}));

const service = await FakeService.start();
const shared = { pageOrigins: ['https://shared.example'], reportsRefusedFills: true };
vi.stubGlobal('__WARIFU_INSTITUTIONS__', [
  { ...service.institution, reportsRefusedFills: true },
  { ...service.institution, key: 'akita', pageOrigins: ['https://ib.akita.example'] },
  { ...service.institution, key: 'one', name: '一番銀行', bankCode: '9908', ...shared },
  { ...service.institution, key: 'two', name: '二番銀行', bankCode: '9909', ...shared },
]);
const { createRefusedFills } = await import('../../../../entrypoints/background/refused-fills.ts');

const SENDER: Sender = {
  extensionId: 'warifu',
  tabId: 7,
  frameId: 0,
  origin: 'https://ib.senpoku.example',
  documentId: 'a document',
};
const PAGE = { screen: 'BLI023' };

let tokens: TokenSummary[];
let selected: string | undefined;
let kept: readonly { tokenId: string; hours: [] }[];
let reports: number;

const start = () =>
  createRefusedFills({
    vault: {
      list: async () => tokens,
      selected: async () => selected,
    },
    clock: () => NOW,
    clockKeeper: clockKeeperOf({ offsetMs: 3_000, measuredAt: NOW }).keeper,
    kept: { list: async () => [...kept] },
    reporter: {
      report: async () => {
        reports += 1;
      },
    },
  });

beforeEach(() => {
  alarm.set = undefined;
  counted.length = 0;
  tokens = [TOKEN, { ...TOKEN, id: 'newer' }, { ...TOKEN, id: 'of two', institution: 'two' }];
  selected = undefined;
  kept = [];
  reports = 0;
});

/** Where a signature is asked for, nothing is to be filled unless the customer wishes it. */
const OF_SIGNATURES = new Set<string>([
  'signature-first',
  'signature-only',
  'code-only',
  'signs-elsewhere',
  'challenge-unknown',
  'page-left',
  'sign-repeated',
  'sign-foreign',
  'sign-gone',
  'sign-unreachable',
  'sign-untrusted',
]);

describe('a fill that was refused', () => {
  test('is counted by its reason and the service’s time, for the token that was meant', async () => {
    const refused = start();
    await refused.note(PAGE, SENDER, 'covered');
    selected = 'first';
    await refused.note(PAGE, SENDER, 'clock');
    expect(counted).toEqual([
      ['newer', 'covered', NOW + 3_000],
      ['first', 'clock', NOW + 3_000],
    ]);
  });

  test('is counted for a token in use: of one that no contract has, nothing is taken', async () => {
    const made: TokenSummary = { ...TOKEN, id: 'made', kind: 'serial', bindBy: NOW + 1 };
    tokens = [TOKEN, { ...TOKEN, id: 'exchanged', status: 'released' }, made];
    selected = 'made';
    await start().note(PAGE, SENDER, 'covered');
    tokens = [made];
    await start().note(PAGE, SENDER, 'covered');
    expect(counted.map(([id]) => id)).toEqual(['first', 'made']);
  });

  test('wakes the worker once its hour is over, however many there are, until nothing is kept', async () => {
    const refused = start();
    await refused.note(PAGE, SENDER, 'covered');
    const set = alarm.set;
    expect(set).toEqual({ delayInMinutes: 65, periodInMinutes: 60 });
    await refused.note(PAGE, SENDER, 'covered');
    expect(alarm.set).toBe(set);
    kept = [{ tokenId: 'newer', hours: [] }];
    await refused.wake();
    expect([reports, alarm.set]).toEqual([1, set]);
    // The browser was closed, and its alarms with it.
    alarm.set = undefined;
    await refused.wake();
    expect(alarm.set).toEqual(set);
    kept = [];
    await refused.wake();
    expect([reports, alarm.set]).toEqual([3, undefined]);
  });

  test('is told of by every check and refusal that has an institution, and was not waiting for its customer', async () => {
    const refused = start();
    for (const reason of [...CHECKS, ...fillRefusals]) await refused.note(PAGE, SENDER, reason);
    const said = counted.map(([, reason]) => String(reason));
    const left = [...CHECKS, ...fillRefusals].filter((reason) => !said.includes(reason));
    expect(left).toEqual([
      'sender-extension',
      'sender-frame',
      'sender-origin',
      'sender-document',
      'institution-unknown',
      'no-token',
      'confirmation-missing',
      ...fillRefusals.filter((reason) => OF_SIGNATURES.has(reason)),
      ...fillRefusals.filter((reason) => reason.startsWith('approval-')),
    ]);
  });

  test.each<[string, object, Partial<Sender>]>([
    ['another extension', PAGE, { extensionId: 'another' }],
    ['another origin', PAGE, { origin: 'https://ib.senpoku.example.evil' }],
    ['a frame', PAGE, { frameId: 3 }],
    ['no document', PAGE, { documentId: undefined }],
    ['an institution that wants no reports', PAGE, { origin: 'https://ib.akita.example' }],
    ['a shared origin, and does not say whose it is', PAGE, { origin: 'https://shared.example' }],
    ['no screen that is known', { screen: 'https://x' }, {}],
  ])('is not counted where the page is of %s', async (_, page, sender) => {
    await start().note({ ...PAGE, ...page }, { ...SENDER, ...sender }, 'covered');
    expect(counted).toEqual([]);
  });

  test('is counted at a shared origin for the institution that the page says it is of, by name', async () => {
    const text = '二番銀行\nワンタイムパスワード認証';
    const { SCREENS } = await import('../../../../core/autofill/screens.ts');
    const { id = '', headings: [heading = ''] = [] } = SCREENS[0] ?? {};
    await start().note(
      { screen: id, text: text.replace('ワンタイムパスワード認証', heading) },
      { ...SENDER, origin: 'https://shared.example' },
      'field-changed',
    );
    expect(counted).toEqual([['of two', 'field-changed', NOW + 3_000]]);
  });
});
