import type { Sender } from '../../../../core/autofill/asking.ts';
import type { DecisionOutcome, PendingConfirmation } from '../../../../core/transaction/confirmations.ts';
import { canonicalText, type Details } from '../../../../core/transaction/details.ts';
import type { WaitingLogin } from '../../../../core/transaction/logins.ts';
import { VaultError } from '../../../../core/vault/errors.ts';
import type { TokenSummary } from '../../../../core/vault/token.ts';
import type { TokenReader } from '../../../../core/vault/vault.ts';
import type { Challenges } from '../../../../platform/service/challenges.ts';
import type { Confirmer } from '../../../../platform/service/confirmer.ts';
import { clockKeeperOf, DETAILS, FakeService, NOW, TOKEN } from '../../platform/service/fake-service.ts';
import { NO_APPROVALS } from './fake-approvals.ts';
import { claimed } from './fake-filled.ts';

/**
 * The background's part in confirmations, on a service and a clock that a test moves. The test mocks `platform/browser.ts`
 * and `platform/storage/filled.ts` itself.
 */

await FakeService.start();
const { createConfirmationDesk } = await import('../../../../entrypoints/background/confirmations.ts');
const { createFiller } = await import('../../../../entrypoints/background/fill.ts');
const { createMemory } = await import('../../../../entrypoints/background/memory.ts');
const { createShownPages } = await import('../../../../entrypoints/background/shown-pages.ts');
const { createSigningPages } = await import('../../../../entrypoints/background/signing-pages.ts');
const { createWaiting } = await import('../../../../entrypoints/background/waiting.ts');

interface World {
  /** What the service has. */
  live: PendingConfirmation[];
  /** Institutions that could not be asked. */
  failed: string[];
  /** Institutions that ask about what is not known here. */
  unsupported: string[] | undefined;
  /** Of the next decision. */
  outcome: DecisionOutcome;
  /** The origins with which decisions were signed. */
  decidedAt: (string | undefined)[];
  /** Logins that wait for a signature, and those that the customer knew nothing of. */
  logins: WaitingLogin[];
  disowned: string[];
  /** Ids of the tokens whose confirmations were asked for, each time. */
  asked: string[][];
  /** Milliseconds. */
  paused: number[];
  deviceMs: number;
  locked: boolean;
  /** Whether the customer has pressed 「この画面に入力する」. */
  asksToFill: boolean;
  /** Called at each pause. */
  meanwhile: () => void;
}

const fresh = (): World => ({
  live: [pending()],
  failed: [],
  unsupported: undefined,
  outcome: { kind: 'decided', useBy: undefined },
  decidedAt: [],
  logins: [],
  disowned: [],
  asked: [],
  paused: [],
  deviceMs: NOW,
  locked: false,
  asksToFill: false,
  meanwhile: () => undefined,
});

export const world: World = fresh();

export function resetWorld(): void {
  Object.assign(world, fresh());
  claimed.clear();
}

export const SENDER: Sender = {
  extensionId: 'warifu',
  tabId: 7,
  frameId: 0,
  origin: 'https://ib.senpoku.example',
  documentId: 'a document',
};
export const PAGE = '確認番号\n47\nお振込先人名\nミホン タロウ 様\nお振込金額\n150,000円';
export const SEEN = { type: 'transfer.seen', screen: 'BFT003', text: PAGE } as const;
export const EXPIRES = Date.parse(DETAILS.expiresAt);

export function pending(
  given: Partial<Details> = {},
  more: Partial<PendingConfirmation> = {},
): PendingConfirmation {
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
  grants: {
    heard: async () => undefined,
    take: async () => world.asksToFill,
    prolong: async () => undefined,
  },
};

export const ID = (letter: string) => letter.repeat(22);

/** A background just started: what it knows, the browser has kept. */
export function start(tokens: readonly TokenSummary[] = [TOKEN], { listFails = false } = {}) {
  const clock = () => world.deviceMs;
  const isLocked = async () => world.locked;
  const vault: TokenReader = {
    list: async () => {
      if (listFails) throw new VaultError('broken');
      return [...tokens];
    },
    selected: async () => undefined,
    select: async () => undefined,
    openKey: async () => {
      throw new Error('no login code is asked for');
    },
  };
  const confirmer: Confirmer = {
    latest: async (of) => {
      world.asked.push(of.map(({ id }) => id));
      const ids = of.map(({ id }) => id);
      const confirmations = world.live.filter(({ tokenId }) => ids.includes(tokenId));
      return {
        confirmations,
        failed: world.failed,
        ...(world.unsupported && { unsupported: world.unsupported }),
      };
    },
    decide: async (_token, _canonical, _decision, origin) => {
      world.decidedAt.push(origin);
      return world.outcome;
    },
    code: async (_token, canonical) =>
      world.live.some((one) => one.canonical === canonical && one.status === 'confirmed')
        ? { kind: 'made', code: '12345678' }
        : { kind: 'none' },
    streams: async () => [],
  };
  const { keeper: clockKeeper } = clockKeeperOf({ offsetMs: 60_000, measuredAt: world.deviceMs });
  const memory = createMemory();
  const pages = createShownPages(memory('shown-pages'), clock);
  const waiting = createWaiting(memory('confirmations'), clock);
  const pause = async (ms: number) => {
    world.paused.push(ms);
    world.meanwhile();
  };
  const signingPages = createSigningPages(memory('signing-pages'));
  const challenges: Pick<Challenges, 'waiting' | 'notMe'> = {
    waiting: async ({ id }) => ({
      kind: 'waiting',
      logins: world.logins.filter(({ tokenId }) => tokenId === id),
    }),
    notMe: async (login) => {
      world.disowned.push(login.id);
      return { kind: 'stopped' };
    },
  };
  const desk = createConfirmationDesk({
    vault,
    isLocked,
    clockKeeper,
    confirmer,
    pages,
    challenges,
    signingPages,
    waiting,
    clock,
    pause,
  });
  return {
    desk,
    signingPages,
    waiting,
    filler: createFiller({
      approvals: NO_APPROVALS,
      vault,
      isLocked,
      ...automatic,
      clock,
      clockKeeper,
      desk,
      pause,
    }),
  };
}
