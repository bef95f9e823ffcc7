import { randomBytes, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { HOTP, hardware } from '../../service/test-hardware.ts';
import type { TestService } from '../../service/test-service.ts';
import { postTo, type TwoNodes, useTwoNodes } from '../../service/two-nodes.ts';

/** `POST /v1/staff/serials/{serial}/void`: a box that was stolen, or a file whose keys are wrong. */

let service: TestService;
let node: TwoNodes['node'];
let devices: ReturnType<typeof hardware>;

useTwoNodes((nodes) => {
  ({ service, node } = nodes);
  devices = hardware(service);
});

const BY = { actor: 'staff01', reason: '盗難 箱 1207', approval: 'p-7' };

const voidAt = (
  index: number,
  serial: string,
  { key = service.staffKey, idempotencyKey = randomUUID() } = {},
) => postTo(node(index), `/v1/staff/serials/${serial}/void`, { key, body: BY, idempotencyKey });

const audited = (serial: string) =>
  service.db
    .selectFrom('audit')
    .select(['event', 'outcome', 'actor', 'reason', 'approval'])
    .where('token_id', '=', `serial ${serial}`)
    .orderBy('id')
    .execute();

test('a token that nobody has is nobody’s for good, and the audit says who and why', async () => {
  const token = await devices.make(HOTP);
  const answer = await voidAt(0, token.serial);
  expect([answer.status, await answer.json()]).toEqual([200, { serial: token.serial }]);
  expect(await devices.bind(token.serial, await token.pair(0))).toEqual({ accepted: false });
  expect(await audited(token.serial)).toEqual([{ event: 'void', outcome: 'done', ...BY }]);
});

test('a file with the right key brings the serial again', async () => {
  const wrong = await devices.make(HOTP);
  expect((await voidAt(0, wrong.serial)).status).toBe(200);
  const right = await devices.make(HOTP, { serial: wrong.serial, secret: Buffer.alloc(20, 'right') });
  expect((await devices.bind(wrong.serial, await wrong.pair(0))).accepted).toBe(false);
  expect((await devices.bind(right.serial, await right.pair(0))).accepted).toBe(true);
});

test('the same file brings it again, once, and says what was there; without a void it stays over', async () => {
  const [stolen, other] = ['VS00000001', 'VS00000002'];
  const digest = randomBytes(32).toString('hex');
  const path = `/v1/staff/imports/${digest}`;
  const begin = async (actor: string) =>
    (await service.staff('PUT', path, { ...BY, actor, fileName: 'box.csv', tokens: 2 })).json();
  const rows = [stolen, other].map((serial, place) => ({
    ...{ line: place + 2, serial, key: randomBytes(20).toString('base64url') },
    ...{ algorithm: 'SHA-1', digits: 6, counter: 0 },
  }));
  const send = async () => (await service.staff('PUT', `${path}/rows/0`, { rows })).json();
  await begin('staff01');
  const over = await send();
  expect(over).toMatchObject({ taken: 2, added: 2, endedAt: expect.any(String) });
  expect(await begin('staff02')).toEqual(over);
  service.clock.move(service.clock.now() - Date.now() + 1_000);
  expect((await voidAt(0, stolen)).status).toBe(200);
  service.clock.move(service.clock.now() - Date.now() + 1_000);
  expect(await begin('staff03')).toMatchObject({ actor: 'staff03', taken: 0, added: 0 });
  expect(await send()).toMatchObject({ taken: 2, added: 1, endedAt: expect.any(String) });
  expect(await begin('staff04')).toMatchObject({ actor: 'staff03', taken: 2, added: 1 });
  const existing = await service.staff('GET', `${path}/existing`);
  expect(await existing.json()).toEqual({ existing: [{ line: 3, serial: other }] });
});

test('a repeat is answered as the first was, also where a file has brought the serial again', async () => {
  const { serial } = await devices.make(HOTP);
  const key = { idempotencyKey: randomUUID() };
  const answers = await Promise.all(Array.from({ length: 6 }, (_, index) => voidAt(index, serial, key)));
  expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
  const again = await devices.make(HOTP, { serial });
  expect((await voidAt(0, serial, key)).status).toBe(200);
  expect((await devices.bind(serial, await again.pair(0))).accepted).toBe(true);
  expect(await audited(serial)).toHaveLength(1);
});

test('a contract’s token, another institution’s and one that is not there are left as they are', async () => {
  const bound = await devices.bound(HOTP);
  const akita = await hardware(service, 'akita').make(HOTP);
  for (const serial of [bound.serial, akita.serial, 'HW99999999']) {
    expect(await (await voidAt(0, serial)).json()).toMatchObject({ status: 409, code: 'state_conflict' });
    expect(await audited(serial)).toEqual([{ event: 'void', outcome: 'stopped', ...BY }]);
  }
  const response = await service.bank('GET', `/v1/tokens/${bound.userId}`);
  expect(await response.json()).toMatchObject({ status: 'active' });
  const bank = await voidAt(0, akita.serial, { key: service.apiKey });
  expect(await bank.json()).toMatchObject({ code: 'key_not_allowed' });
});

test('of staff and a contract at the same moment one has the token', async () => {
  for (let round = 0; round < 10; round += 1) {
    const token = await devices.make(HOTP);
    const pair = await token.pair(0);
    const [voided, bound] = await Promise.all([voidAt(1, token.serial), devices.bind(token.serial, pair)]);
    expect([voided.status === 200, bound.accepted].filter(Boolean)).toHaveLength(1);
  }
});
