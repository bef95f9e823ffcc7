import { decodeJwt, SignJWT } from 'jose';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { JWT_TYPES } from '../../../../core/api/token.ts';
import type { AskedApproval } from '../../../../core/autofill/approval.ts';
import { textDigest } from '../../../../core/digest.ts';
import { codeAt, importKey } from '../../../../core/otp/totp.ts';
import { encryptCode } from '../../../../core/pairing/messages.ts';
import type { PendingApproval } from '../../../../core/transaction/approvals.ts';
import type { CodeOutcome } from '../../../../core/transaction/confirmations.ts';
import type { Peer } from '../../../../core/vault/peers.ts';
import { clockKeeperOf, NOW, random, TOKEN } from './fake-service.ts';
import { deviceKeys, isBy, Relay } from './relay.ts';

/** A desktop asks, a phone answers, and whoever is between them changes what they can. */

const relay = await Relay.start();
const { createApprovalAsker } = await import('../../../../platform/service/approval-asker.ts');
const { createApprover } = await import('../../../../platform/service/approver.ts');

const [desktop, phone, stranger] = await Promise.all([deviceKeys(), deviceKeys(), deviceKeys()]);
const OTP_KEY = await importKey(new Uint8Array(32).fill(7), TOKEN.parameters);
const CODE = await codeAt(OTP_KEY, TOKEN.parameters, NOW);
const PAGE = { origin: 'https://ib.senpoku.example', screen: 'BLI023' };
const PAIRED = { ...TOKEN, decider: 'Chrome (Android)' };

let deviceMs: number;
/** How long the desktop paused. */
let pauses: number[];

const ports = {
  clock: () => deviceMs,
  clockKeeper: clockKeeperOf({ offsetMs: 0, measuredAt: NOW }).keeper,
  randomBytes: random,
};
const peerOf = (keys: typeof desktop, jkt: string): Peer => ({
  jkt,
  signingKey: keys.signingKey,
  receivingKey: keys.receivingKey,
  device: { form: 'other', name: jkt },
  pairedAt: NOW,
});

const JKT = 'd'.repeat(43);

/** What comes of asking for a transaction's code, by its text. */
const codes = new Map<string, CodeOutcome>([
  ['confirmed', { kind: 'made', code: '11112222' }],
  ['unreachable', { kind: 'unreachable' }],
]);
let claimed: Set<number>;
let knownOfPhone: Peer[];
let knownOfDesktop: Peer[];

const asker = createApprovalAsker({
  ...ports,
  keys: { signing: async () => desktop.signing, receiving: async () => desktop.receiving.privateKey },
  peers: { of: async () => knownOfDesktop },
  pause: async (ms) => {
    pauses.push(ms);
    deviceMs += ms;
  },
});
const newApprover = () =>
  createApprover({
    ...ports,
    keys: { signing: async () => phone.signing },
    vault: { list: async () => [TOKEN], openKey: async () => OTP_KEY },
    peers: { of: async () => knownOfPhone, tokens: async () => new Set(['first', 'second']) },
    confirmer: { code: async (_token, canonical) => codes.get(canonical ?? '') ?? { kind: 'none' } },
    claimStep: async (_tokenId, step) => {
      const free = !claimed.has(step);
      claimed.add(step);
      return free;
    },
  });
let approver = newApprover();

const NOTHING = { approvals: [], unheard: [] };

async function ask(page: object = {}): Promise<AskedApproval> {
  const outcome = await asker.ask({ token: PAIRED, ...PAGE, ...page });
  if (outcome.kind === 'refused') throw new Error(outcome.reason);
  return outcome.approval;
}

async function heard(): Promise<PendingApproval> {
  const [one] = (await approver.latest([TOKEN]))?.approvals ?? [];
  if (one === undefined) throw new Error('the phone has heard of nothing');
  return one;
}

beforeEach(() => {
  deviceMs = NOW;
  pauses = [];
  claimed = new Set();
  knownOfPhone = [peerOf(desktop, JKT)];
  knownOfDesktop = [peerOf(phone, 'phone')];
  Object.assign(relay, {
    request: '',
    jkt: JKT,
    status: 'waiting',
    decision: undefined,
    lost: 0,
    retryAfter: undefined,
  });
  relay.decisions.length = 0;
  relay.statuses.length = 0;
  relay.received.length = 0;
  relay.requests.length = 0;
  approver = newApprover();
});

test('the phone shows what the desktop asked, and its code arrives', async () => {
  const asked = await ask();
  expect(asked.number).toMatch(/^[1-9][0-9]$/);
  const pending = await heard();
  expect(pending).toMatchObject({
    id: asked.id,
    number: asked.number,
    origin: PAGE.origin,
    isOwnOrigin: true,
    screen: 'ログイン（ワンタイムパスワード認証）',
    desktop: JKT,
    until: NOW + 60_000,
  });
  expect(await asker.answer(PAIRED, asked)).toEqual({ kind: 'waiting' });
  expect(await approver.decide(pending, 'approved')).toEqual({ kind: 'decided' });
  expect(JSON.stringify(decodeJwt(relay.decision ?? ''))).not.toContain(CODE);
  expect(await asker.answer(PAIRED, asked)).toEqual({ kind: 'approved', code: CODE });
});

describe('the phone', () => {
  test('takes requests only by the key it kept of the desktop', async () => {
    const asked = await ask();
    knownOfPhone = [peerOf(stranger, JKT)];
    expect(await approver.latest([TOKEN])).toEqual(NOTHING);
    knownOfPhone = [];
    expect(await approver.latest([TOKEN])).toEqual(NOTHING);
    expect(asked.id).toHaveLength(22);
  });

  test('sends no code to another origin, however it is told to', async () => {
    await ask({ origin: 'https://ib.senpoku.example.evil' });
    const pending = await heard();
    expect(pending.isOwnOrigin).toBe(false);
    expect(await approver.decide(pending, 'approved')).toMatchObject({ kind: 'refused' });
    expect(relay.decisions).toEqual([]);
    expect(await approver.decide(pending, 'not-me')).toEqual({ kind: 'decided' });
  });

  test('shows nothing of a screen that its bank does not have, or that is for something else', async () => {
    for (const page of [{ screen: 'XXX999' }, { screen: 'BFT003' }, { confirmation: 'B'.repeat(22) }]) {
      await ask(page);
      expect(await approver.latest([TOKEN])).toEqual(NOTHING);
    }
  });

  test('gives the code of a step once, and says when the next one comes', async () => {
    await ask();
    await approver.decide(await heard(), 'approved');
    relay.status = 'waiting';
    await ask();
    expect(await approver.decide(await heard(), 'approved')).toEqual({ kind: 'wait', waitMs: 60_000 });
    expect(relay.decisions).toHaveLength(1);
  });

  test('sends the same decision again after a lost answer, with the code it took', async () => {
    await ask();
    const pending = await heard();
    relay.lost = 1;
    expect(await approver.decide(pending, 'approved')).toEqual({ kind: 'refused', reason: 'unreachable' });
    expect(await approver.decide(pending, 'approved')).toEqual({ kind: 'decided' });
    expect(new Set(relay.decisions).size).toBe(1);
  });

  test('gives the code of a transaction only once that is confirmed', async () => {
    await ask({ screen: 'BFT003', confirmation: 'B'.repeat(22) });
    const pending = await heard();
    expect(await approver.decide(pending, 'approved', 'not yet')).toEqual({
      kind: 'refused',
      reason: 'gone',
    });
    expect(await approver.decide(pending, 'approved', 'unreachable')).toEqual({
      kind: 'refused',
      reason: 'unreachable',
    });
    expect(await approver.decide(pending, 'approved', 'confirmed')).toEqual({ kind: 'decided' });
    expect(claimed.size).toBe(0);
  });

  test('hears that it is over', async () => {
    await ask();
    const pending = await heard();
    relay.statuses.push(409);
    expect(await approver.decide(pending, 'refused')).toEqual({ kind: 'refused', reason: 'gone' });
  });

  test('tells of which tokens it has not heard, beside what it has', async () => {
    await ask();
    const told = await approver.latest([TOKEN, { ...TOKEN, id: 'second' }]);
    expect(told).toMatchObject({ approvals: [{ tokenId: 'first' }], unheard: ['second'] });
    relay.statuses.push(503);
    expect(await approver.latest([TOKEN])).toEqual({ approvals: [], unheard: ['first'] });
  });

  test('asks nothing for tokens that are paired with none', async () => {
    expect(await approver.latest([{ ...TOKEN, id: 'third' }])).toBeUndefined();
  });
});

/** A decision as the phone signs it, changed. */
async function forged(
  asked: AskedApproval,
  by: typeof phone,
  to: typeof desktop,
  changes: object = {},
  typ: string = JWT_TYPES.approvalDecision,
): Promise<string> {
  const code = await encryptCode('99999999', to.receivingKey);
  const request = await textDigest(asked.request);
  const claims = { approval: asked.id, request, decision: 'approved', code, ...changes };
  return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ }).sign(by.signing.privateKey);
}

describe('the desktop takes no code', () => {
  const untrusted = { kind: 'refused', reason: 'approval-untrusted' };
  const answered = async (asked: AskedApproval, decision: string) => {
    Object.assign(relay, { status: 'approved', decision });
    return asker.answer(PAIRED, asked);
  };

  test('that anybody but the paired phone has signed', async () => {
    const asked = await ask();
    expect(await answered(asked, await forged(asked, stranger, desktop))).toEqual(untrusted);
    expect(await answered(asked, await forged(asked, desktop, desktop))).toEqual(untrusted);
    expect(await answered(asked, await forged(asked, phone, desktop))).toMatchObject({ kind: 'approved' });
  });

  test('of another approval, of another request, of another kind, or not approved', async () => {
    const before = await ask();
    const asked = await ask();
    expect(await answered(asked, await forged(before, phone, desktop))).toEqual(untrusted);
    expect(await answered(asked, await forged(asked, phone, desktop, { request: 'x'.repeat(43) }))).toEqual(
      untrusted,
    );
    expect(await answered(asked, await forged(asked, phone, desktop, {}, 'warifu-decision+jwt'))).toEqual(
      untrusted,
    );
    const refusal = { decision: 'refused', code: undefined };
    expect(await answered(asked, await forged(asked, phone, desktop, refusal))).toEqual(untrusted);
  });

  test('that is encrypted to another device, or is no code', async () => {
    const asked = await ask();
    expect(await answered(asked, await forged(asked, phone, stranger))).toEqual(untrusted);
    const script = await encryptCode('<script>', desktop.receivingKey);
    expect(await answered(asked, await forged(asked, phone, desktop, { code: script }))).toEqual(untrusted);
  });

  test('once it knows no phone', async () => {
    const asked = await ask();
    knownOfDesktop = [];
    expect(await answered(asked, await forged(asked, phone, desktop))).toEqual(untrusted);
  });
});

describe('the desktop hears', () => {
  test.each([
    ['refused', 'approval-refused'],
    ['not-me', 'approval-not-me'],
    ['expired', 'approval-expired'],
    ['superseded', 'approval-superseded'],
    ['withdrawn', 'approval-withdrawn'],
  ] as const)('%s', async (status, reason) => {
    const asked = await ask();
    relay.status = status;
    expect(await asker.answer(PAIRED, asked)).toEqual({ kind: 'refused', reason });
  });

  test.each([
    [403, 'approval-unpaired'],
    [{ status: 404, code: 'token_unknown' }, 'approval-unpaired'],
    [404, 'approval-unreachable'],
    [409, 'token-over'],
    [429, 'approval-limited'],
  ])('why it was not asked: %o', async (status, reason) => {
    relay.statuses.push(status);
    expect(await asker.ask({ token: PAIRED, ...PAGE })).toEqual({ kind: 'refused', reason });
  });
});

describe('a question whose answer was lost', () => {
  const unreachable = { kind: 'refused', reason: 'approval-unreachable' };

  test('is sent once more, the same, and answered by the phone', async () => {
    relay.lost = 1;
    const asked = await ask();
    expect(relay.received).toEqual(['POST', 'POST']);
    expect(relay.requests).toEqual([asked.request, asked.request]);
    expect(pauses).toEqual([1_000]);
    expect(asked.until).toBe(NOW + 1_000 + 60_000);
    await approver.decide(await heard(), 'approved');
    expect(await asker.answer(PAIRED, asked)).toEqual({ kind: 'approved', code: CODE });
  });

  test('that is lost again is taken off the phone', async () => {
    relay.lost = 2;
    expect(await asker.ask({ token: PAIRED, ...PAGE })).toEqual(unreachable);
    await vi.waitFor(() => expect(relay.received).toEqual(['POST', 'POST', 'DELETE']), 20_000);
  });

  test('is not sent again before the service lets it, nor after a refusal', async () => {
    Object.assign(relay, { retryAfter: '3' });
    relay.statuses.push(503);
    await ask();
    expect(pauses).toEqual([3_000]);
    Object.assign(relay, { retryAfter: '30' });
    for (const status of [409, 429, 503]) {
      relay.statuses.push(status);
      expect(await asker.ask({ token: PAIRED, ...PAGE })).toMatchObject({ kind: 'refused' });
    }
    expect(pauses).toEqual([3_000]);
  });
});

describe('the desktop waits on', () => {
  const WAITING = { kind: 'waiting' };

  test.each([429, 500, 503])('after an answer of %i, and hears what the phone said', async (status) => {
    const asked = await ask();
    relay.statuses.push(status);
    expect(await asker.answer(PAIRED, asked)).toEqual(WAITING);
    await approver.decide(await heard(), 'approved');
    expect(await asker.answer(PAIRED, asked)).toEqual(WAITING);
    expect(pauses).toEqual([1_000]);
    expect(await asker.answer(PAIRED, asked)).toEqual({ kind: 'approved', code: CODE });
  });

  test('while the network is gone', async () => {
    const asked = await ask();
    await approver.decide(await heard(), 'approved');
    relay.lost = 1;
    expect(await asker.answer(PAIRED, asked)).toEqual(WAITING);
    expect(await asker.answer(PAIRED, asked)).toEqual(WAITING);
    expect(await asker.answer(PAIRED, asked)).toEqual({ kind: 'approved', code: CODE });
  });

  test('as long as the service asks it to, less than a browser leaves to an idle worker at a time', async () => {
    const asked = await ask();
    Object.assign(relay, { retryAfter: '30' });
    relay.statuses.push(503);
    for (let times = 0; times < 3; times += 1) expect(await asker.answer(PAIRED, asked)).toEqual(WAITING);
    expect(pauses).toEqual([20_000, 10_000]);
  });

  test('no longer than the question lasts', async () => {
    const asked = await ask();
    deviceMs = NOW + 55_000;
    Object.assign(relay, { retryAfter: '300' });
    relay.statuses.push(429);
    await asker.answer(PAIRED, asked);
    await asker.answer(PAIRED, asked);
    expect(pauses).toEqual([5_000]);
  });

  test.each([
    ['token_unknown', 'approval-unpaired'],
    ['not_found', 'approval-expired'],
  ])('for no answer that is final: 404 %s', async (code, reason) => {
    const asked = await ask();
    relay.statuses.push({ status: 404, code });
    expect(await asker.answer(PAIRED, asked)).toEqual({ kind: 'refused', reason });
  });
});

test('a question of another time is asked once more, by a clock that was measured anew', async () => {
  relay.statuses.push(400);
  expect(await asker.ask({ token: PAIRED, ...PAGE })).toMatchObject({ kind: 'asked' });
  relay.statuses.push(400, 400);
  expect(await asker.ask({ token: PAIRED, ...PAGE })).toEqual({ kind: 'refused', reason: 'clock' });
});

test('a request is signed by the desktop, for the page that its browser reported', async () => {
  const asked = await ask();
  expect(await isBy(asked.request, desktop.signing)).toBe(true);
  expect(decodeJwt(asked.request)).toMatchObject({ tokenId: 'first', ...PAGE, iat: NOW / 1000 });
});
