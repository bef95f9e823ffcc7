import { expect, test } from 'vitest';
import type { BindResponse } from '../../../core/api/bank.ts';
import { SENPOKU, SHINKIN } from '../../institutions.ts';
import { HOTP, hardware } from '../../service/test-hardware.ts';
import { makeSerial } from '../../service/test-serial.ts';
import type { TestService } from '../../service/test-service.ts';
import { atOnce, type Request, type TwoNodes, useTwoNodes } from '../../service/two-nodes.ts';

/** 利用開始 and 交換 by シリアル番号 at the same moment, over two nodes on one PostgreSQL. */

let service: TestService;
let node: TwoNodes['node'];

useTwoNodes(
  (nodes) => {
    ({ service, node } = nodes);
  },
  { institutions: [SENPOKU, SHINKIN] },
);

const AT_ONCE = 20;

const bindings = (serial: string, codes: readonly string[]): Request[] =>
  Array(AT_ONCE).fill({ path: `/v1/serials/${serial}/bind`, body: { codes } });

test('of many contracts that register a token which its customer made, one has it', async () => {
  const key = await service.keyOf('bank', SHINKIN.key);
  const { serial, userId, code } = await makeSerial(service, SHINKIN.serviceId);
  const answers = await atOnce<BindResponse>(node, key, bindings(serial, [await code()]));
  expect(answers.map(({ status }) => status)).toEqual(Array(AT_ONCE).fill(200));
  const accepted = answers.filter((one) => one.accepted);
  expect(accepted.map(({ token }) => token)).toMatchObject([{ userId, serial, status: 'active' }]);
});

test('of many contracts that register a device, one has it', async () => {
  const { serial, pair } = await hardware(service).make(HOTP);
  const answers = await atOnce<BindResponse>(node, service.apiKey, bindings(serial, await pair(0)));
  expect(answers.map(({ status }) => status)).toEqual(Array(AT_ONCE).fill(200));
  expect(answers.filter((one) => one.accepted)).toHaveLength(1);
});

test('of many tokens to be exchanged for one device, and many contracts that register it, one has it; the other tokens stay', async () => {
  const devices = hardware(service);
  const owners = [];
  for (let count = 0; count < 6; count += 1) owners.push(await devices.bound(HOTP));
  const fresh = await devices.make(HOTP);
  const codes = await fresh.pair(0);
  const exchanges = await Promise.all(
    owners.map(async ({ userId, code }) => ({
      path: `/v1/tokens/${userId}/exchange`,
      body: { code: await code(2), serial: fresh.serial, codes },
    })),
  );
  const answers = await atOnce<BindResponse>(node, service.apiKey, [
    ...exchanges,
    ...bindings(fresh.serial, codes).slice(0, 2),
  ]);
  expect(answers.filter((one) => one.accepted)).toHaveLength(1);
  for (const [index, { userId, code }] of owners.entries()) {
    const state = await (await service.bank('GET', `/v1/tokens/${userId}`)).json();
    const exchanged = answers[index]?.accepted;
    expect(state).toMatchObject({ status: exchanged ? 'released' : 'active' });
    if (!exchanged) {
      const verified = await service.present('verify', { userId }, await code(2));
      expect(verified.accepted).toBe(true);
    }
  }
});
