import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { BindResponse, OutcomeResponse } from '../../../core/api/bank.ts';
import { SENPOKU, SHINKIN } from '../../institutions.ts';
import { HOTP, hardware, TOTP } from '../../service/test-hardware.ts';
import { makeSerial } from '../../service/test-serial.ts';
import { ORIGIN, type TestService } from '../../service/test-service.ts';
import { postTo, type TwoNodes, useTwoNodes } from '../../service/two-nodes.ts';

/** How a bank settles a write whose answer it lost. */

let service: TestService;
let node: TwoNodes['node'];

useTwoNodes(
  (nodes) => {
    ({ service, node } = nodes);
  },
  { institutions: [SENPOKU, SHINKIN] },
);

/** What came of a write, as a node says. */
async function outcome(idempotencyKey: string, { at = 0, key = service.apiKey } = {}) {
  const response = await node(at).request(`${ORIGIN}/v1/outcomes`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Idempotency-Key': idempotencyKey },
  });
  return { status: response.status, ...((await response.json()) as OutcomeResponse) };
}

/** A write of the bank, at a node. */
async function write(path: string, body: object, idempotencyKey: string, at = 0) {
  const response = await postTo(node(at), path, { key: service.apiKey, body, idempotencyKey });
  return { status: response.status, ...((await response.json()) as BindResponse) };
}

const rowOf = (serial: string) =>
  service.db.selectFrom('tokens').selectAll().where('serial', '=', serial).executeTakeFirstOrThrow();

const nothing = { status: 200, accepted: false };

test('of what was accepted or refused is told, by every node and any number of times', async () => {
  const tokens = hardware(service);
  const device = await tokens.make(HOTP);
  const [wrong, right, end] = [randomUUID(), randomUUID(), randomUUID()];
  const path = `/v1/serials/${device.serial}/bind`;
  await write(path, { codes: ['000000', '000001'] }, wrong);
  const { token: bound } = await write(path, { codes: await device.pair(0) }, right);
  for (const at of [0, 1]) {
    expect(await outcome(wrong, { at })).toEqual(nothing);
    expect(await outcome(right, { at })).toEqual({ status: 200, accepted: true, token: bound });
  }
  const userId = bound?.userId ?? '';
  const fresh = await tokens.make(TOTP);
  const exchange = { code: await device.code(2), serial: fresh.serial, codes: await fresh.pair(-1) };
  await write(`/v1/tokens/${userId}/exchange`, exchange, end);
  expect(await outcome(end)).toMatchObject({ accepted: true, token: { serial: fresh.serial } });
  expect(await outcome(right)).toMatchObject({ accepted: true, token: { userId, status: 'released' } });
});

test('of a question is whether it was asked; the repeat of it has the same one', async () => {
  const { userId } = await service.active();
  const transaction = { type: 'limit-change', oldLimit: 0, newLimit: 1, from: '2026-11-24' };
  for (const [what, body] of [
    ['confirmations', { transaction }],
    ['challenges', { use: 'verify' }],
  ] as const) {
    const idempotencyKey = randomUUID();
    const asked = await write(`/v1/tokens/${userId}/${what}`, body, idempotencyKey);
    expect(asked).toMatchObject({ status: 'waiting', id: expect.any(String) });
    expect(await outcome(idempotencyKey, { at: 1 })).toMatchObject({ accepted: true, token: { userId } });
    expect(await write(`/v1/tokens/${userId}/${what}`, body, idempotencyKey, 1)).toEqual(asked);
  }
});

test('of what never arrived is nothing; should it arrive after all, nothing is done and no code judged', async () => {
  const key = await service.keyOf('bank', SHINKIN.key);
  const { serial, code } = await makeSerial(service, SHINKIN.serviceId);
  const idempotencyKey = randomUUID();
  expect(await outcome(idempotencyKey, { key })).toEqual(nothing);
  for (const codes of [[await code()], ['000000']]) {
    const late = await postTo(node(1), `/v1/serials/${serial}/bind`, {
      key,
      body: { codes },
      idempotencyKey,
    });
    expect([late.status, await late.json()]).toMatchObject([409, { code: 'idempotency_conflict' }]);
  }
  expect(await rowOf(serial)).toMatchObject({ status: 'enrolled', activation_failures: 0 });
  expect(await outcome(idempotencyKey, { key })).toEqual(nothing);
});

test('asked for while the write is under way, on the other node, is what then comes of it', async () => {
  const tokens = hardware(service);
  for (let round = 0; round < 20; round += 1) {
    const { serial, pair } = await tokens.make(HOTP);
    const [idempotencyKey, codes] = [randomUUID(), await pair(0)];
    const binding = write(`/v1/serials/${serial}/bind`, { codes }, idempotencyKey, round);
    if (round % 4 > 1) await new Promise(setImmediate);
    const [told, answered] = await Promise.all([outcome(idempotencyKey, { at: round + 1 }), binding]);
    const { status } = await rowOf(serial);
    expect([status, answered.status]).toEqual(told.accepted ? ['active', 200] : ['enrolled', 409]);
  }
});

test('is the institution’s own, and its bank’s alone', async () => {
  const { serial, pair } = await hardware(service).make(HOTP);
  const idempotencyKey = randomUUID();
  await write(`/v1/serials/${serial}/bind`, { codes: await pair(0) }, idempotencyKey);
  const other = await service.keyOf('bank', SHINKIN.key);
  expect(await outcome(idempotencyKey, { key: other })).toEqual(nothing);
  expect((await outcome(idempotencyKey, { key: service.staffKey })).status).toBe(403);
  expect((await outcome('', {})).status).toBe(400);
  expect(await outcome(idempotencyKey)).toMatchObject({ accepted: true, token: { serial } });
});
