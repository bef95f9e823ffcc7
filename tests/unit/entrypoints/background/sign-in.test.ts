import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Sender } from '../../../../core/autofill/asking.ts';
import type { WaitingLogin } from '../../../../core/transaction/logins.ts';
import type { TokenSummary } from '../../../../core/vault/token.ts';
import type { Known } from '../../../../entrypoints/background/known.ts';
import type { Challenges, SignedPage } from '../../../../platform/service/challenges.ts';
import { FakeService, NOW, TOKEN } from '../../platform/service/fake-service.ts';
import { resetBrowser } from './fake-browser.ts';
import { SENDER } from './fake-desk.ts';

/** What is signed for a page, whatever happens between its question and the signature. */

vi.mock('../../../../platform/browser.ts', async () => (await import('./fake-browser.ts')).fakeBrowser);
vi.mock('../../../../platform/storage/filled.ts', async () => (await import('./fake-filled.ts')).fakeFilled);

await FakeService.start();
const { createSignIn } = await import('../../../../entrypoints/background/sign-in.ts');
const { createSigningPages } = await import('../../../../entrypoints/background/signing-pages.ts');
const { createMemory } = await import('../../../../entrypoints/background/memory.ts');

const ID = 'C'.repeat(22);
const ASKED = { type: 'sign.request', screen: 'BLI023', challenge: ID } as const;
const aLogin = (changes: Partial<WaitingLogin> = {}): WaitingLogin => ({
  id: ID,
  tokenId: TOKEN.id,
  institution: 'senpoku',
  use: 'verify',
  number: '47',
  since: NOW,
  until: NOW + 100_000,
  ...changes,
});
const refused = (reason: string) => ({ kind: 'refused', reason });

let tokens: TokenSummary[];
let locked: boolean;
let onRequest: string[];
let byCustomer: boolean;
let listed: Awaited<ReturnType<Challenges['waiting']>>;
let shownAt: string | undefined;
let outcome: Awaited<ReturnType<Challenges['sign']>>;
/** What happens while the service is asked. */
let meanwhile: () => void;
let signed: [string, SignedPage][];
let asked: string[];

/** What a background just started knows: the browser has kept it. */
const signingPages = () => createSigningPages(createMemory()('signing-pages'));

/** A background just started. */
function start() {
  return createSignIn({
    known: async (): Promise<Known> => ({
      locked,
      tokens,
      unbound: [],
      selected: undefined,
      onRequest,
      filledScreens: [],
      offset: { offsetMs: 1_000, measuredAt: NOW },
    }),
    originShown: async () => shownAt,
    challenges: {
      waiting: async ({ id }) => {
        asked.push(id);
        meanwhile();
        return listed;
      },
      sign: async ({ id }, page) => {
        signed.push([id, page]);
        return outcome;
      },
    },
    grants: { heard: async () => undefined, take: async () => byCustomer },
    pages: signingPages(),
    clock: () => NOW,
  });
}

const sign = (sender: Partial<Sender> = {}, request: object = {}) =>
  start().sign({ ...ASKED, ...request }, { ...SENDER, ...sender });

beforeEach(() => {
  resetBrowser();
  tokens = [TOKEN];
  locked = false;
  onRequest = [];
  byCustomer = false;
  listed = { kind: 'waiting', logins: [aLogin()] };
  shownAt = SENDER.origin;
  outcome = { kind: 'signed' };
  meanwhile = () => undefined;
  signed = [];
  asked = [];
});

test('a recognised screen’s challenge is signed for its document, by the browser’s word, and its number told', async () => {
  expect(await sign()).toEqual({ kind: 'signed', number: '47' });
  expect(signed).toEqual([
    [ID, { origin: SENDER.origin, documentId: SENDER.documentId, timeMs: NOW + 1_000 }],
  ]);
});

test('of several that wait, the page’s own is signed', async () => {
  const other = aLogin({ id: 'D'.repeat(22), number: '12' });
  listed = { kind: 'waiting', logins: [other, aLogin()] };
  expect(await sign()).toEqual({ kind: 'signed', number: '47' });
  expect(signed.map(([id]) => id)).toEqual([ID]);
});

describe('nothing is signed, and the service not even asked,', () => {
  test.each<[string, Partial<Sender>, string]>([
    ['for another extension', { extensionId: 'another' }, 'sender-extension'],
    ['for another origin', { origin: 'https://ib.senpoku.example.evil' }, 'sender-origin'],
    ['for a frame', { frameId: 3 }, 'sender-frame'],
    ['without a document', { documentId: undefined }, 'sender-document'],
    ['without a tab', { tabId: undefined }, 'sender-frame'],
  ])('%s', async (_what, sender, reason) => {
    expect(await sign(sender)).toEqual(refused(reason));
    expect([asked, signed]).toEqual([[], []]);
  });

  test('while the vault is locked, or on a screen that takes none', async () => {
    expect(await sign({}, { screen: 'BOU001' })).toEqual(refused('code-only'));
    locked = true;
    expect(await sign()).toEqual(refused('locked'));
    expect(asked).toEqual([]);
  });

  test('where its token acts on request, until the customer asks', async () => {
    onRequest = [TOKEN.id];
    expect(await sign()).toEqual(refused('on-request'));
    byCustomer = true;
    expect(await sign()).toEqual({ kind: 'signed', number: '47' });
  });
});

describe('nothing is signed where meanwhile', () => {
  test.each<[string, () => void, string]>([
    [
      'the tab shows another document',
      () => {
        shownAt = undefined;
      },
      'page-left',
    ],
    [
      'the document is said to be at another origin',
      () => {
        shownAt = 'https://evil.example';
      },
      'page-left',
    ],
    [
      'the vault was locked',
      () => {
        locked = true;
      },
      'locked',
    ],
    [
      'the token was removed',
      () => {
        tokens = [];
      },
      'no-token',
    ],
    [
      'another token took its place',
      () => {
        tokens = [{ ...TOKEN, id: 'second' }];
      },
      'challenge-unknown',
    ],
    [
      'the token went out of use',
      () => {
        tokens = [{ ...TOKEN, status: 'released' }];
      },
      'token-over',
    ],
  ])('%s', async (_what, happens, reason) => {
    meanwhile = happens;
    expect(await sign()).toEqual(refused(reason));
    expect(signed).toEqual([]);
  });
});

describe('a challenge', () => {
  test.each<[string, WaitingLogin[]]>([
    ['of another session, that this page does not carry', [aLogin({ id: 'D'.repeat(22) })]],
    ['of another token', [aLogin({ tokenId: 'second' })]],
    ['for something else than the screen', [aLogin({ use: 'release' })]],
    ['that has expired, and so is not listed', []],
  ])('%s is not signed', async (_what, logins) => {
    listed = { kind: 'waiting', logins };
    expect(await sign()).toEqual(refused('challenge-unknown'));
    expect(signed).toEqual([]);
  });

  test('that the service does not tell of, or does not take, is told of by the reason', async () => {
    listed = { kind: 'refused', reason: 'sign-unreachable' };
    expect(await sign()).toEqual(refused('sign-unreachable'));
    listed = { kind: 'waiting', logins: [aLogin()] };
    outcome = { kind: 'refused', reason: 'sign-foreign' };
    expect(await sign()).toEqual(refused('sign-foreign'));
  });

  test('that a page here asks to sign is known as such by every worker, until the tab is left', async () => {
    locked = true;
    await sign();
    await sign({ tabId: 8, documentId: 'another' }, { challenge: 'D'.repeat(22) });
    await sign({ tabId: 9, origin: 'https://evil.example' }, { challenge: 'E'.repeat(22) });
    expect(await signingPages().challenges()).toEqual([ID, 'D'.repeat(22)]);
    await signingPages().forget(8);
    expect(await signingPages().challenges()).toEqual([ID]);
  });
});
