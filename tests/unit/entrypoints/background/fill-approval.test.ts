import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ApprovalAnswer, ApprovalWish, AskOutcome } from '../../../../core/autofill/approval.ts';
import type { Sender } from '../../../../core/autofill/asking.ts';
import type { PendingConfirmation } from '../../../../core/transaction/confirmations.ts';
import type { TokenSummary } from '../../../../core/vault/token.ts';
import { clockKeeperOf, FakeService, NOW, TOKEN } from '../../platform/service/fake-service.ts';
import { resetBrowser } from './fake-browser.ts';
import { PAGE, pending, SENDER } from './fake-desk.ts';
import { claimed } from './fake-filled.ts';

/** What a page gets of a token whose codes come from a phone: nothing but what its customer approved there, once. */

vi.mock('../../../../platform/browser.ts', async () => (await import('./fake-browser.ts')).fakeBrowser);
vi.mock('../../../../platform/storage/filled.ts', async () => (await import('./fake-filled.ts')).fakeFilled);

await FakeService.start();
const { createApprovals } = await import('../../../../entrypoints/background/approvals.ts');
const { createFiller } = await import('../../../../entrypoints/background/fill.ts');
const { createMemory } = await import('../../../../entrypoints/background/memory.ts');

const PAIRED: TokenSummary = { ...TOKEN, decider: 'Chrome (Android)' };
const REQUEST = { type: 'fill.request', screen: 'BLI023', maxLength: 8 } as const;
const TRANSFER = { type: 'fill.request', screen: 'BFT003', maxLength: 8, text: PAGE } as const;
const refused = (reason: string) => ({ kind: 'refused', reason });
const APPROVED: ApprovalAnswer = { kind: 'approved', code: '24681357' };
const IN_APPROVAL = { kind: 'approval', number: '42', until: NOW + 60_000 };

let deviceMs: number;
let tokens: TokenSummary[];
let locked: boolean;
let onRequest: string[];
let filled: string[];
let byCustomer: boolean;
let live: PendingConfirmation[];
/** How often the service of transactions cannot be asked from now on. */
let unheard: number;
let wishes: ApprovalWish[];
let withdrawn: string[];
let outcome: AskOutcome | undefined;
let answer: ApprovalAnswer;
/** What happens while the phone is waited for. */
let meanwhile: () => void | Promise<void>;
/** What happens while the question is on its way. */
let asking: () => void | Promise<void>;
/** What happens before a service that could not be asked is asked again. */
let pausing: () => void | Promise<void>;

/** A background just started: what it knows, the browser has kept. */
function start() {
  const clock = () => deviceMs;
  const { keeper: clockKeeper } = clockKeeperOf({ offsetMs: 0, measuredAt: deviceMs });
  const vault = {
    list: async () => tokens,
    selected: async () => undefined,
    select: async () => undefined,
    openKey: async () => {
      throw new Error('there is no key of codes');
    },
  };
  const approvals = createApprovals(createMemory()('approvals'), {
    vault,
    clock,
    asker: {
      ask: async (wish) => {
        wishes.push(wish);
        await asking();
        const id = `approval ${wishes.length}`;
        return (
          outcome ?? { kind: 'asked', approval: { id, request: 'a.b.c', number: '42', until: NOW + 60_000 } }
        );
      },
      answer: async () => {
        await meanwhile();
        return answer;
      },
      withdraw: async (_token, id) => void withdrawn.push(id),
    },
  });
  const filler = createFiller({
    approvals,
    vault,
    isLocked: async () => locked,
    tokensOnRequest: async () => onRequest,
    filledScreens: { of: async () => filled },
    grants: {
      heard: async () => undefined,
      take: async () => {
        const granted = byCustomer;
        byCustomer = false;
        return granted;
      },
      prolong: async () => undefined,
    },
    clock,
    clockKeeper,
    pause: async (ms) => {
      deviceMs += ms;
      await pausing();
    },
    desk: {
      ofInstitution: async (key) =>
        unheard-- > 0 ? { confirmations: [], failed: [key] } : { confirmations: live, failed: [] },
      unboundOf: async () => [],
      code: async () => ({ kind: 'none' }),
    },
  });
  return {
    approvals,
    fill: (sender: Sender = SENDER, request: object = {}) => filler.fill({ ...REQUEST, ...request }, sender),
  };
}

beforeEach(() => {
  resetBrowser();
  claimed.clear();
  deviceMs = NOW;
  tokens = [PAIRED];
  locked = false;
  onRequest = [];
  filled = [];
  byCustomer = false;
  live = [];
  unheard = 0;
  wishes = [];
  withdrawn = [];
  outcome = undefined;
  answer = { kind: 'waiting' };
  meanwhile = () => undefined;
  asking = () => undefined;
  pausing = () => undefined;
});

describe('a one-time password', () => {
  test('is asked of the phone for this origin and screen, waited for, and filled once', async () => {
    const { fill } = start();
    expect(await fill()).toEqual(IN_APPROVAL);
    expect(wishes).toEqual([{ token: PAIRED, origin: SENDER.origin, screen: 'BLI023' }]);
    expect(await fill()).toEqual(IN_APPROVAL);
    expect(wishes).toHaveLength(1);
    answer = APPROVED;
    expect(await fill()).toEqual({ kind: 'code', code: '24681357' });
    expect(claimed.size).toBe(1);
  });

  test('comes through a worker that ends at every step, and is asked for once', async () => {
    expect(await start().fill()).toEqual(IN_APPROVAL);
    expect(await start().fill()).toEqual(IN_APPROVAL);
    answer = APPROVED;
    expect(await start().fill()).toEqual({ kind: 'code', code: '24681357' });
    expect(wishes).toHaveLength(1);
  });

  test('that two requests wait for goes to one of them', async () => {
    const { fill } = start();
    await fill();
    answer = APPROVED;
    const replies = await Promise.all([fill(), fill()]);
    expect(replies.filter(({ kind }) => kind === 'code')).toHaveLength(1);
  });

  test('is not asked for where a condition of the gate does not hold', async () => {
    filled = ['BLI023'];
    expect(await start().fill()).toEqual(refused('already-filled'));
    onRequest = [PAIRED.id];
    expect(await start().fill()).toEqual(refused('on-request'));
    locked = true;
    expect(await start().fill()).toEqual(refused('locked'));
    expect(wishes).toEqual([]);
  });

  test.each<[string, () => void, string]>([
    [
      'the vault was locked',
      () => {
        locked = true;
      },
      'locked',
    ],
    [
      'the token is over',
      () => {
        tokens = [{ ...PAIRED, status: 'released' }];
      },
      'token-over',
    ],
    [
      'the screen was filled',
      () => {
        filled = ['BLI023'];
      },
      'already-filled',
    ],
    [
      'the pairing was removed',
      () => {
        tokens = [];
      },
      'no-token',
    ],
  ])('is not filled where meanwhile %s', async (_what, happens, reason) => {
    const { fill } = start();
    await fill();
    answer = APPROVED;
    meanwhile = happens;
    expect(await fill()).toEqual(refused(reason));
    expect(claimed.size).toBe(0);
  });

  test('that the customer asked for stays asked for until it comes', async () => {
    onRequest = [PAIRED.id];
    byCustomer = true;
    expect(await start().fill()).toEqual(IN_APPROVAL);
    answer = APPROVED;
    expect(await start().fill()).toMatchObject({ kind: 'code' });
  });

  test('of another document of the tab is another approval', async () => {
    const { fill } = start();
    await fill();
    answer = APPROVED;
    expect(await fill({ ...SENDER, documentId: 'the next' })).toEqual(IN_APPROVAL);
    expect(wishes).toHaveLength(2);
    expect(await fill()).toEqual(IN_APPROVAL);
  });

  test('that the phone does not approve is not filled, and asked for again only by another request', async () => {
    const { fill } = start();
    for (const reason of ['approval-refused', 'approval-not-me', 'approval-expired'] as const) {
      answer = { kind: 'waiting' };
      await fill();
      answer = { kind: 'refused', reason };
      expect(await fill()).toEqual(refused(reason));
    }
    expect(wishes).toHaveLength(3);
  });

  test('is waited for no longer than it was to be', async () => {
    const { fill } = start();
    await fill();
    deviceMs = NOW + 60_000;
    expect(await fill()).toEqual(refused('approval-expired'));
  });

  test('that was left behind is asked for anew where the customer asks', async () => {
    const { fill } = start();
    await fill();
    deviceMs = NOW + 60_000;
    byCustomer = true;
    expect(await fill()).toEqual(IN_APPROVAL);
    expect(wishes).toHaveLength(2);
  });

  test('that was approved in time is not filled after it: the machine slept', async () => {
    const { fill } = start();
    await fill();
    answer = APPROVED;
    meanwhile = () => {
      deviceMs = NOW + 60_000;
    };
    expect(await fill()).toEqual(refused('approval-expired'));
    expect(claimed.size).toBe(0);
  });

  test.each([
    ['approval-untrusted', ['approval 1']],
    ['clock', ['approval 1']],
    ['approval-refused', []],
    ['approval-expired', []],
  ] as const)('that ends by %s leaves no question on the phone', async (reason, ofPhone) => {
    const { fill } = start();
    await fill();
    answer = { kind: 'refused', reason };
    expect(await fill()).toEqual(refused(reason));
    expect(withdrawn).toEqual(ofPhone);
  });

  test('cannot be asked for: the page hears why', async () => {
    outcome = { kind: 'refused', reason: 'approval-unreachable' };
    expect(await start().fill()).toEqual(refused('approval-unreachable'));
  });
});

describe('called off', () => {
  test.each(['before the answer', 'while it is waited for'])('%s, nothing is filled', async (when) => {
    const { fill, approvals } = start();
    await fill();
    answer = APPROVED;
    if (when === 'while it is waited for') meanwhile = () => approvals.withdraw(SENDER.tabId ?? 0);
    else await approvals.withdraw(SENDER.tabId ?? 0);
    const reply = await fill();
    expect(reply.kind).not.toBe('code');
    expect(withdrawn).toEqual(['approval 1']);
  });

  test('while the question is sent, it does not stay on the phone, nor wait for the next page', async () => {
    const { fill, approvals } = start();
    asking = () => approvals.withdraw(SENDER.tabId ?? 0);
    expect(await fill()).toEqual(refused('approval-withdrawn'));
    expect(withdrawn).toEqual(['approval 1']);
    expect(await approvals.pendingFor(SENDER, REQUEST.screen)).toBeUndefined();
    asking = () => approvals.withdraw(99);
    expect(await fill()).toEqual(IN_APPROVAL);
  });

  test('stays where the document does, and is withdrawn once the tab shows another', async () => {
    const { fill, approvals } = start();
    const tabId = SENDER.tabId ?? 0;
    const isShown = async ({ documentId }: { documentId?: string | undefined }) =>
      documentId === SENDER.documentId;
    asking = () => approvals.withdraw(tabId, isShown);
    expect(await fill()).toEqual(IN_APPROVAL);
    await approvals.withdraw(tabId, isShown);
    expect(await approvals.pendingFor(SENDER, REQUEST.screen)).toBeDefined();
    expect(withdrawn).toEqual([]);
    await approvals.withdraw(tabId, async ({ documentId }) => documentId === 'another');
    expect(withdrawn).toEqual(['approval 1']);
  });

  test('a tab that waits for nothing withdraws nothing', async () => {
    await start().approvals.withdraw(99);
    expect(withdrawn).toEqual([]);
  });
});

describe('the code of a transaction', () => {
  const fill = (request = {}) => start().fill(SENDER, { ...TRANSFER, ...request });

  test('is asked for as soon as the page shows it, and comes once the phone has confirmed it', async () => {
    live = [pending()];
    expect(await fill()).toEqual(IN_APPROVAL);
    const [wish] = wishes;
    expect(wish).toMatchObject({ screen: 'BFT003', confirmation: live[0]?.details.confirmation });
    answer = APPROVED;
    live = [pending({}, { status: 'confirmed' })];
    expect(await fill()).toEqual({ kind: 'code', code: '24681357' });
    expect(await fill()).not.toMatchObject({ kind: 'code' });
  });

  test('is not asked for where the page shows another', async () => {
    live = [pending()];
    expect(await fill({ text: PAGE.replace('150,000', '9') })).toEqual(refused('confirmation-differs'));
    expect(wishes).toEqual([]);
  });

  test('is not filled where the page shows another by then', async () => {
    live = [pending()];
    await fill();
    answer = APPROVED;
    expect(await fill({ text: PAGE.replace('150,000', '9') })).toEqual(refused('confirmation-differs'));
  });

  test('is waited for where the service cannot be asked for a moment, before the approval or after it', async () => {
    live = [pending()];
    await fill();
    unheard = 1;
    expect(await fill()).toEqual(IN_APPROVAL);
    answer = APPROVED;
    meanwhile = () => {
      unheard = 1;
    };
    expect(await fill()).toEqual(IN_APPROVAL);
    meanwhile = () => undefined;
    expect(await fill()).toEqual({ kind: 'code', code: '24681357' });
    expect([wishes.length, deviceMs]).toEqual([1, NOW + 2_000]);
  });

  test('is not filled after such a moment where the page shows another, or the question was called off', async () => {
    const { fill: ask, approvals } = start();
    live = [pending()];
    await ask(SENDER, TRANSFER);
    answer = APPROVED;
    unheard = 1;
    expect(await ask(SENDER, TRANSFER)).toEqual(IN_APPROVAL);
    const other = { ...TRANSFER, text: PAGE.replace('150,000', '9') };
    expect(await ask(SENDER, other)).toEqual(refused('confirmation-differs'));
    unheard = 1;
    pausing = () => approvals.withdraw(SENDER.tabId ?? 0);
    expect(await ask(SENDER, TRANSFER)).toEqual(refused('approval-withdrawn'));
    expect(wishes).toHaveLength(1);
  });

  test('cannot be asked for while the service cannot be, or longer than the question lasts', async () => {
    unheard = 1;
    expect(await fill()).toEqual(refused('approval-unreachable'));
    live = [pending()];
    await fill();
    deviceMs = NOW + 60_000;
    unheard = 1;
    expect(await fill()).toEqual(refused('approval-unreachable'));
  });

  test('of a token of this device is not asked of a phone, nor before it is confirmed', async () => {
    tokens = [TOKEN];
    live = [pending()];
    expect(await fill()).toEqual(refused('confirmation-missing'));
    expect(wishes).toEqual([]);
  });
});
