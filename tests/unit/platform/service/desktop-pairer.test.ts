import { calculateJwkThumbprint, decodeJwt, type JWK, SignJWT } from 'jose';
import { beforeEach, expect, test, vi } from 'vitest';
import { JWT_TYPES } from '../../../../core/api/token.ts';
import type { ComparedPairing } from '../../../../core/vault/pairing.ts';
import { clockKeeperOf, FakeService, NOW, random, TOKEN } from './fake-service.ts';
import { deviceKeys } from './relay.ts';

/** The desktop's side of 連携, with a service whose phone agrees to all. */

const kept: string[] = [];
let isFull = false;
vi.mock('../../../../platform/storage/peers.ts', () => ({
  addPairedToken: async ({ id }: { id: string }) => {
    if (isFull) throw new Error('no room');
    kept.push(id);
  },
}));

const { keys: serviceKeys, institution } = await FakeService.start();
const { createDesktopPairer } = await import('../../../../platform/service/desktop-pairer.ts');
const phone = await deviceKeys();
const DEVICE = { form: 'extension', name: 'Firefox (Windows)' } as const;
const PAIRING = 'P'.repeat(22);

/** The key with which the desktop begins, and what it was sent. */
let signingKey: JWK;
let status: 'paired' | 'refused';
/** Of the token, as the service tells it at the end. */
let serviceId: string;
let requests: string[];
/** Methods of requests whose next answer gets lost. */
let lost: string[];
let pauses: number[];

async function answer(url: string, { method = 'GET', headers, body }: RequestInit): Promise<Response> {
  const { pathname } = new URL(url);
  if (lost[0] === method) {
    lost.shift();
    throw new TypeError('network error');
  }
  requests.push(`${method} ${pathname}`);
  const proof = decodeJwt(new Headers(headers).get('DPoP') ?? '').jti;
  if (method === 'POST') ({ signingKey } = JSON.parse(String(body)));
  const jkt = await calculateJwkThumbprint(signingKey);
  if (pathname.startsWith('/v1/token/devices'))
    return Response.json({ devices: await signed(JWT_TYPES.devices, devices(proof, jkt)) });
  const looks = requests.filter((one) => one === 'GET /v1/pairing').length;
  const claims = {
    pairing: PAIRING,
    proof,
    jkt,
    status: method === 'POST' ? 'open' : method === 'PUT' ? 'symbols' : looks === 1 ? 'answered' : status,
    now: NOW,
    expiresAt: new Date(NOW + 300_000).toISOString(),
    ...(method === 'POST' && { code: '12345678' }),
    phone: {
      serviceId: institution.serviceId,
      signingKey: phone.signingKey,
      nonce: 'N'.repeat(43),
      device: DEVICE,
    },
    ...(looks === 2 && status === 'paired' && { token: paired() }),
  };
  return Response.json({ pairing: await signed(JWT_TYPES.pairing, claims) });
}

const signed = (typ: string, claims: Record<string, unknown>) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ }).sign(serviceKeys.privateKey);

const paired = () => ({
  tokenId: 'T'.repeat(22),
  serviceId,
  userId: TOKEN.userId,
  serial: TOKEN.serial,
  kind: 'software',
  ...TOKEN.parameters,
  enrolledAt: new Date(TOKEN.enrolledAt).toISOString(),
  expiresAt: new Date(TOKEN.expiresAt).toISOString(),
});

const devices = (proof: string | undefined, jkt: string) => ({
  tokenId: 'T'.repeat(22),
  proof,
  now: NOW,
  devices: [
    { ...DEVICE, id: 'D'.repeat(22), may: 'fill', jkt, addedAt: new Date(NOW).toISOString() },
    { ...DEVICE, id: 'E'.repeat(22), may: 'fill', jkt: 'o'.repeat(43), addedAt: new Date(NOW).toISOString() },
  ],
});

async function compared(): Promise<ComparedPairing> {
  const pairer = createDesktopPairer({
    clock: () => NOW,
    pause: async (ms) => void pauses.push(ms),
    clockKeeper: clockKeeperOf({ offsetMs: 0, measuredAt: NOW }).keeper,
    randomBytes: random,
    device: DEVICE,
    keys: { signing: async () => phone.signing },
  });
  const offered = await pairer.offer(institution.key, new AbortController().signal);
  if (offered.kind === 'refused') throw new Error(offered.reason);
  const outcome = await offered.compared();
  if (outcome.kind === 'refused') throw new Error(outcome.reason);
  return outcome;
}

const removals = () => requests.filter((one) => one.startsWith('DELETE'));

beforeEach(() => {
  vi.stubGlobal('fetch', answer);
  status = 'paired';
  serviceId = institution.serviceId;
  requests = [];
  lost = [];
  pauses = [];
  isFull = false;
  kept.length = 0;
});

test('a token that the phone agrees to is kept', async () => {
  expect(await (await compared()).agree()).toMatchObject({ kind: 'paired' });
  expect(kept).toEqual(['T'.repeat(22)]);
  expect(removals()).toEqual([]);
});

test('a network that is gone for a moment ends nothing, wherever the two are', async () => {
  lost = ['GET', 'PUT', 'GET'];
  expect(await (await compared()).agree()).toMatchObject({ kind: 'paired' });
  expect(pauses).toEqual([1_000, 1_000, 1_000]);
});

test('a token that cannot be stored leaves no device of it at the service', async () => {
  isFull = true;
  expect(await (await compared()).agree()).toEqual({ kind: 'refused', reason: 'storage' });
  expect(removals()).toEqual([`DELETE /v1/token/devices/${'D'.repeat(22)}`]);
});

test('a token of another institution than was compared leaves none either', async () => {
  serviceId = '99999999';
  expect(await (await compared()).agree()).toEqual({ kind: 'refused', reason: 'untrusted' });
  expect(removals()).toEqual([`DELETE /v1/token/devices/${'D'.repeat(22)}`]);
});

test('a pairing that the phone refuses has no device to remove', async () => {
  status = 'refused';
  expect(await (await compared()).agree()).toEqual({ kind: 'refused', reason: 'refused' });
  expect(removals()).toEqual([]);
});
