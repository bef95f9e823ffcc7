import { base64url, calculateJwkThumbprint, decodeJwt, SignJWT } from 'jose';
import { beforeEach, expect, test, vi } from 'vitest';
import { JWT_TYPES } from '../../../../core/api/token.ts';
import { commitmentTo, linkHash } from '../../../../core/pairing/link.ts';
import { symbolsOf } from '../../../../core/pairing/symbols.ts';
import type { TakenPairing } from '../../../../core/vault/pairing.ts';
import type { Peer } from '../../../../core/vault/peers.ts';
import { clockKeeperOf, FakeService, NOW, random, TOKEN } from './fake-service.ts';
import { deviceKeys } from './relay.ts';

/** The phone's side of 連携, with a service that introduces whom it likes. */

const kept: Peer[] = [];
let isFull = false;
vi.mock('../../../../platform/storage/peers.ts', () => ({
  peers: { of: async () => kept },
  keepPeer: async (_tokenId: string, peer: Peer) => {
    if (isFull) throw new Error('no room');
    kept.push(peer);
  },
}));

const { keys: serviceKeys } = await FakeService.start();
const { createPhonePairer } = await import('../../../../platform/service/phone-pairer.ts');
const [desktop, phone, stranger] = await Promise.all([deviceKeys(), deviceKeys(), deviceKeys()]);
const NONCE = base64url.encode(random(32));
const PAIRING = 'P'.repeat(22);
const DEVICE = { form: 'extension', name: 'Firefox (Windows)' } as const;

/** Whom the service introduces, the nonce it tells, and what it was sent. */
let introduced: typeof desktop;
let told: string;
let phoneNonce: string;
let decisions: string[];
let nonces: string[];
/** Methods of requests whose next answer gets lost after it was acted on. */
let lost: string[];
let deviceMs: number;
/** What happens while the service is not asked. */
let pausing: () => void;
/** The paths of devices that were removed. */
let removed: string[];

async function answer(url: string, { method = 'GET', headers, body }: RequestInit): Promise<Response> {
  const sent = body ? JSON.parse(String(body)) : {};
  const { pathname } = new URL(url);
  const proof = decodeJwt(new Headers(headers).get('DPoP') ?? '').jti;
  if (pathname.startsWith('/v1/token/devices')) {
    if (method === 'DELETE') removed.push(pathname);
    return Response.json({ devices: await signed(JWT_TYPES.devices, await devices(proof)) });
  }
  if (method === 'PUT') {
    phoneNonce = sent.nonce;
    nonces.push(phoneNonce);
  }
  if (pathname.endsWith('/decision')) decisions.push(decodeJwt<{ decision: string }>(sent.decision).decision);
  if (lost[0] === method) {
    lost.shift();
    throw new TypeError('network error');
  }
  const [decision] = decisions;
  const claims = {
    pairing: PAIRING,
    proof,
    status: decision ?? (method === 'GET' ? 'symbols' : method === 'PUT' ? 'answered' : 'claimed'),
    now: NOW,
    expiresAt: new Date(NOW + 300_000).toISOString(),
    tokenId: TOKEN.id,
    signingKey: introduced.signingKey,
    receivingKey: introduced.receivingKey,
    commitment: await commitmentTo(NONCE),
    device: DEVICE,
    ...(method === 'GET' && { nonce: told }),
  };
  return Response.json({ pairing: await signed(JWT_TYPES.claimedPairing, claims) });
}

const signed = (typ: string, claims: Record<string, unknown>) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ }).sign(serviceKeys.privateKey);

/** The phone and the desktop, as the service lists them. */
async function devices(proof: string | undefined) {
  const since = new Date(NOW).toISOString();
  const listed = [
    { id: 'O'.repeat(22), may: 'all', jkt: await calculateJwkThumbprint(phone.signingKey) },
    { id: 'D'.repeat(22), may: 'fill', jkt: await calculateJwkThumbprint(desktop.signingKey) },
  ];
  return {
    tokenId: TOKEN.id,
    proof,
    now: NOW,
    devices: listed.map((device) => ({ ...DEVICE, ...device, addedAt: since, lastSeenAt: since })),
  };
}

const keysOf = async ({ signingKey, receivingKey }: typeof desktop) => ({
  fillerKey: await calculateJwkThumbprint(signingKey),
  fillerReceivingKey: await calculateJwkThumbprint(receivingKey),
});

const take = async (hash?: string, signal = new AbortController().signal) =>
  createPhonePairer({
    clock: () => deviceMs,
    pause: async (ms) => {
      deviceMs += ms;
      pausing();
    },
    clockKeeper: clockKeeperOf({ offsetMs: 0, measuredAt: NOW }).keeper,
    randomBytes: random,
    keys: { signing: async () => phone.signing },
  }).take(TOKEN, { code: '12345678', hash }, signal);

async function taken(hash?: string): Promise<TakenPairing> {
  const outcome = await take(hash);
  if (outcome.kind === 'refused') throw new Error(outcome.reason);
  return outcome;
}

/** What the honest desktop shows, which knows its own keys and the phone's. */
const shownByDesktop = async () =>
  symbolsOf({
    pairing: PAIRING,
    ...(await keysOf(desktop)),
    fillerNonce: NONCE,
    deciderKey: await calculateJwkThumbprint(phone.signingKey),
    deciderNonce: phoneNonce,
  });

beforeEach(() => {
  vi.stubGlobal('fetch', answer);
  introduced = desktop;
  told = NONCE;
  decisions = [];
  nonces = [];
  lost = [];
  deviceMs = NOW;
  pausing = () => undefined;
  removed = [];
  isFull = false;
  kept.length = 0;
});

test('shows the symbols of the desktop, and keeps its keys once they are said to be the same', async () => {
  const hash = await linkHash({ ...(await keysOf(desktop)), commitment: await commitmentTo(NONCE) });
  const pairing = await taken(hash);
  expect(pairing.desktop).toEqual(DEVICE);
  expect(pairing.symbols).toEqual(await shownByDesktop());
  expect(kept).toEqual([]);
  expect(await pairing.decide(true)).toEqual({ kind: 'paired' });
  expect(kept).toMatchObject([{ signingKey: desktop.signingKey, receivingKey: desktop.receivingKey }]);
});

test('shows others where the service has put somebody else’s keys in between', async () => {
  introduced = stranger;
  expect((await taken()).symbols).not.toEqual(await shownByDesktop());
});

test('takes no keys but those of the QR code, and ends the pairing', async () => {
  const hash = await linkHash({ ...(await keysOf(desktop)), commitment: await commitmentTo(NONCE) });
  introduced = stranger;
  expect(await take(hash)).toEqual({ kind: 'refused', reason: 'other' });
  expect(decisions).toEqual(['refused']);
});

test('takes no nonce but the one that was committed to', async () => {
  told = base64url.encode(random(32));
  expect(await take()).toEqual({ kind: 'refused', reason: 'untrusted' });
  expect(decisions).toEqual(['refused']);
});

test('said to differ, nothing is kept', async () => {
  const pairing = await taken();
  expect(await pairing.decide(false)).toEqual({ kind: 'ended' });
  expect(kept).toEqual([]);
});

test('a desktop whose keys cannot be kept is removed again, as it could be answered nothing', async () => {
  isFull = true;
  const pairing = await taken();
  expect(await pairing.decide(true)).toEqual({ kind: 'refused', reason: 'storage' });
  expect(removed).toEqual([`/v1/token/devices/${'D'.repeat(22)}`]);
});

test('a network that is gone for a moment ends nothing: the same nonce is given again, and the desktop’s asked for', async () => {
  lost = ['PUT', 'PUT', 'GET'];
  const pairing = await taken();
  expect(pairing.symbols).toEqual(await shownByDesktop());
  expect(new Set(nonces).size).toBe(1);
  expect([nonces.length, deviceMs]).toEqual([3, NOW + 3_000]);
});

test('a service that does not answer is asked until the pairing has ended, or nobody waits for it', async () => {
  const gone = () => Array.from({ length: 500 }, () => 'PUT');
  lost = gone();
  expect(await take()).toEqual({ kind: 'refused', reason: 'unreachable' });
  expect(deviceMs).toBe(NOW + 300_000);
  lost = gone();
  const leaving = new AbortController();
  pausing = () => leaving.abort();
  expect(await take(undefined, leaving.signal)).toEqual({ kind: 'refused', reason: 'refused' });
});
