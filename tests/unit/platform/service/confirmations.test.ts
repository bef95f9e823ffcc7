import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LatestConfirmations, PendingConfirmation } from '../../../../core/transaction/confirmations.ts';
import type { WaitingLogin } from '../../../../core/transaction/logins.ts';
import { VaultError } from '../../../../core/vault/errors.ts';
import type { TokenSummary } from '../../../../core/vault/token.ts';
import type { TokenReader } from '../../../../core/vault/vault.ts';
import type { Challenges } from '../../../../platform/service/challenges.ts';
import type { Confirmer } from '../../../../platform/service/confirmer.ts';
import type { StreamNews } from '../../../../platform/service/event-streams.ts';
import { DETAILS, FakeService, NOW, TOKEN } from './fake-service.ts';

/** What the open streams tell. */
let news: (what: StreamNews) => void;
vi.mock('../../../../platform/service/event-streams.ts', () => ({
  watchStreams: async (_streams: unknown, changed: typeof news) => {
    news = changed;
  },
}));

await FakeService.start();
const { createConfirmations } = await import('../../../../platform/service/confirmations.ts');

const WAITING: PendingConfirmation = {
  tokenId: TOKEN.id,
  details: DETAILS,
  canonical: '',
  mode: 'approve',
  status: 'waiting',
  useBy: undefined,
  onPage: undefined,
};

let locked: boolean | 'unreadable';
let answer: LatestConfirmations;
let waiting: Awaited<ReturnType<Challenges['waiting']>>;
let asked: number;
let tokens: TokenSummary[];
/** Ids of the tokens of the latest question. */
let askedOf: string[];
let told: number;
let watching: AbortController;

async function isLocked(): Promise<boolean> {
  if (locked === 'unreadable') throw new VaultError('broken');
  return locked;
}

/** The companion, with a stream open. */
function start() {
  const vault: TokenReader = {
    list: async () => tokens,
    selected: async () => 'third',
    select: async () => undefined,
    openKey: () => Promise.reject(new Error('no login code is asked for')),
  };
  const confirmer: Confirmer = {
    latest: async (given) => {
      asked += 1;
      askedOf = given.map(({ id }) => id);
      return answer;
    },
    decide: async () => ({ kind: 'decided', useBy: undefined }),
    code: async () => ({ kind: 'made', code: '12345678' }),
    streams: async () => [],
  };
  const confirmations = createConfirmations(confirmer, vault, isLocked, {
    waiting: async () => waiting,
    notMe: async () => ({ kind: 'stopped' }),
  });
  confirmations.watch(() => {
    told += 1;
  }, watching.signal);
  return confirmations;
}

beforeEach(() => {
  locked = false;
  answer = { confirmations: [], failed: [] };
  waiting = { kind: 'refused', reason: 'sign-unreachable' };
  asked = 0;
  tokens = [TOKEN];
  told = 0;
  watching = new AbortController();
});
afterEach(() => watching.abort());

const concealed = (concealed: number | 'perhaps') => ({ confirmations: [], failed: [], concealed });

test('locked, nothing is asked, and an event says that something may wait', async () => {
  const confirmations = start();
  await confirmations.latest();
  locked = true;
  expect(await confirmations.latest()).toEqual(concealed(0));
  // a stream that cannot be opened again is no event
  news('try');
  expect(await confirmations.latest()).toEqual(concealed(0));
  news('event');
  expect(told).toBe(2);
  expect(await confirmations.latest()).toEqual(concealed('perhaps'));
  expect(asked).toBe(1);
  locked = false;
  expect(await confirmations.latest()).toEqual(answer);
  locked = true;
  expect(await confirmations.latest()).toEqual(concealed(0));
});

test('what waited before it was locked may wait still', async () => {
  const confirmations = start();
  answer = { confirmations: [WAITING], failed: [] };
  await confirmations.latest();
  answer = { confirmations: [], failed: ['senpoku'] };
  await confirmations.latest();
  locked = true;
  expect(await confirmations.latest()).toEqual(concealed('perhaps'));
});

test('what is locked while the services are asked is not told of', async () => {
  const confirmations = start();
  answer = { confirmations: [WAITING], failed: [] };
  const latest = confirmations.latest();
  locked = true;
  expect(await latest).toMatchObject({ confirmations: [], failed: [] });
});

test('however many tokens there are, each is asked about: the selected one first, then the newest', async () => {
  const older = ['first', 'second', 'third'];
  const ids = [...older, ...Array.from({ length: 42 }, (_, at) => `newer${at}`)];
  tokens = ids.map((id) => ({ ...TOKEN, id }));
  await start().latest();
  expect(askedOf).toEqual(['third', ...ids.filter((id) => id !== 'third').reverse()]);
});

test('locked, nothing is decided and no code is made', async () => {
  const confirmations = start();
  locked = true;
  expect(await confirmations.decide(WAITING, 'confirmed')).toEqual({ kind: 'refused', reason: 'locked' });
  expect(await confirmations.code(WAITING)).toEqual({ kind: 'unreachable' });
});

test('where storage fails nothing rejects, nobody is asked, and that nothing waits is not said', async () => {
  const confirmations = start();
  locked = 'unreadable';
  const { confirmations: found, failed, concealed: hidden } = await confirmations.latest();
  expect({ found, hidden }).toEqual({ found: [], hidden: undefined });
  expect(failed).toContain(TOKEN.institution);
  expect(await confirmations.decide(WAITING, 'confirmed')).toEqual({ kind: 'refused', reason: 'vault' });
  expect(await confirmations.code(WAITING)).toEqual({ kind: 'unreachable' });
  expect(asked).toBe(0);
});

describe('a login elsewhere', () => {
  const LOGIN: WaitingLogin = {
    id: 'C'.repeat(22),
    tokenId: TOKEN.id,
    institution: TOKEN.institution,
    use: 'verify',
    number: '47',
    since: NOW,
    until: NOW + 100_000,
  };

  test('is told of with what else waits, where its service can be asked', async () => {
    const confirmations = start();
    expect(await confirmations.latest()).toEqual({ confirmations: [], failed: [] });
    waiting = { kind: 'waiting', logins: [LOGIN] };
    expect(await confirmations.latest()).toEqual({ confirmations: [], failed: [], logins: [LOGIN] });
  });

  test('is told of and disowned by nobody while the token is locked', async () => {
    waiting = { kind: 'waiting', logins: [LOGIN] };
    const confirmations = start();
    expect(await confirmations.notMe(LOGIN)).toEqual({ kind: 'stopped' });
    locked = true;
    expect(await confirmations.latest()).toEqual(concealed(0));
    expect(await confirmations.notMe(LOGIN)).toEqual({ kind: 'refused', reason: 'locked' });
    locked = 'unreadable';
    expect(await confirmations.notMe(LOGIN)).toEqual({ kind: 'refused', reason: 'vault' });
  });
});
