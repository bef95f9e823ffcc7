import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt, importJWK, type JWK, jwtVerify } from 'jose';
import { sql } from 'kysely';
import { describe, expect, test, vi } from 'vitest';
import { bankChannel } from '../../../server/bank-events.ts';
import { deliverDue } from '../../../server/deliver.ts';
import { expireConfirmations } from '../../../server/store/confirmations.ts';
import { openPostgres } from '../../../server/store/database.ts';
import { startPostgres } from '../../service/postgres.ts';
import { confirmations, TRANSFER } from '../../service/test-confirmation.ts';
import { createTestService, ORIGIN, type TestService } from '../../service/test-service.ts';
import { createTestToken } from '../../service/test-token.ts';
import { KINDS, type Nodes, useNodes } from './confirmation-nodes.ts';

describe.each(KINDS)('取引認証, told to bank and token, on %s', (kind) => {
  let nodes: Nodes;
  let approve: TestService;
  let code: TestService;

  useNodes(kind, (opened) => {
    nodes = opened;
    ({ approve, code } = opened);
  });

  test('the bank learns the outcome by waiting, without asking again', async () => {
    const { ask, decide, show } = confirmations(approve);
    const customer = await approve.active();
    const asked = await ask(customer);
    const waiting = show(customer, asked, '?unless=waiting&wait=20');
    await decide(customer, asked, 'confirmed');
    expect((await waiting).status).toBe('confirmed');
    expect((await show(customer, asked, '?unless=waiting&wait=20')).status).toBe('confirmed');
    expect((await show(customer, asked, '?unless=confirmed&wait=0')).status).toBe('confirmed');
  });

  test('the token is told at once that there is something, and nothing of what', async () => {
    const { ask } = confirmations(approve);
    const customer = await approve.active();
    const url = `${ORIGIN}/v1/events`;
    const proof = await customer.token.proof({ method: 'POST', url, timeMs: approve.clock.now() });
    const stop = new AbortController();
    const response = await approve.app.request(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ proofs: [proof] }),
      signal: stop.signal,
    });
    expect(response.headers.get('Content-Type')).toContain('text/event-stream');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe(':\n\n');
    const asked = await ask(customer);
    const event = (await reader?.read())?.value ?? '';
    expect(event).toContain('event: confirmations');
    expect(event).not.toContain(asked.id);
    await reader?.cancel();
    stop.abort();
  });

  test('S2: a stream wants a proof for itself, once', async () => {
    const customer = await approve.active();
    const url = `${ORIGIN}/v1/events`;
    const send = async (proofs: string[]) =>
      (
        await approve.app.request(url, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ proofs }),
        })
      ).status;
    const timeMs = approve.clock.now();
    const elsewhere = await customer.token.proof({ method: 'GET', url: `${ORIGIN}/v1/token`, timeMs });
    expect(await send([elsewhere])).toBe(401);
    expect(await send([])).toBe(400);
    const used = await customer.token.proof({
      method: 'GET',
      url: `${ORIGIN}/v1/token/confirmations`,
      timeMs,
    });
    const get = () => approve.app.request(`${ORIGIN}/v1/token/confirmations`, { headers: { DPoP: used } });
    expect((await get()).status).toBe(200);
    expect((await get()).status).toBe(401);
  });

  test('a stream is for tokens, each once, eight at most, and is not stored', async () => {
    const customer = await approve.active();
    const stranger = await createTestToken();
    const url = `${ORIGIN}/v1/events`;
    const timeMs = approve.clock.now();
    const open = async (proofs: string[]) =>
      approve.app.request(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ proofs }),
      });
    const proof = () => customer.token.proof({ method: 'POST', url, timeMs });
    const foreign = await stranger.proof({ method: 'POST', url, timeMs });
    expect((await open([foreign])).status).toBe(404);
    const { rows } = await sql`select jti from proofs where jti = ${decodeJwt(foreign).jti}`.execute(
      nodes.database.db,
    );
    expect(rows).toEqual([]);
    const streams = [];
    for (let count = 0; count < 8; count += 1) streams.push(await open([await proof(), await proof()]));
    expect(streams.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(streams[0]?.headers.get('Cache-Control')).toBe('no-store');
    const beyond = await open([await proof()]);
    expect([beyond.status, beyond.headers.get('Retry-After')]).toEqual([429, '15']);
    for (const { body } of streams) await body?.cancel();
    const again = await open([await proof()]);
    expect(again.status).toBe(200);
    await again.body?.cancel();
  });

  test('S2: a proof whose id is no base64url is refused like any other, and nobody else’s round with it', async () => {
    const customer = await approve.active();
    const url = `${ORIGIN}/v1/token/confirmations`;
    const get = async (jti?: string) => {
      const timeMs = approve.clock.now();
      const proof = await customer.token.proof({ method: 'GET', url, timeMs, ...(jti && { jti }) });
      return (await approve.app.request(url, { headers: { DPoP: proof } })).status;
    };
    const strange = ['\u0000'.repeat(22), '\ud800'.repeat(22), `${'a'.repeat(21)}"`, 'a'.repeat(65)];
    expect(await Promise.all([...strange.map(get), get()])).toEqual([401, 401, 401, 401, 200]);
  });

  test('a decision with anything behind its signature is none: it is kept as it came', async () => {
    const { ask, shown, byToken } = confirmations(approve);
    const customer = await approve.active();
    const asked = await ask(customer);
    const details = (await shown(customer))[0]?.details ?? '';
    const signed = await customer.token.decide({ confirmation: asked.id, decision: 'confirmed', details });
    const send = async (decision: string) =>
      (await byToken(customer, 'POST', `/${asked.id}/decision`, { decision })).status;
    for (const tail of ['\u0000', '\n', ' ', '=', '.']) expect(await send(`${signed}${tail}`)).toBe(400);
    expect(await send(signed)).toBe(200);
  });

  test('calling off is remembered: a repeat is answered as the first was, another request with the key is a conflict', async () => {
    const { ask, decide, verify, path } = confirmations(approve);
    const customer = await approve.active();
    const [first, second] = [await ask(customer), await ask(customer)];
    const headers = { 'Idempotency-Key': randomUUID() };
    const cancel = (id: string) => approve.bank('POST', path(customer, `/${id}/cancel`), {}, headers);
    const answers = await Promise.all([1, 2, 3].map(() => cancel(first.id)));
    for (const answer of answers) expect(await answer.json()).toMatchObject({ status: 'cancelled' });
    expect(await nodes.audited(first.id)).toEqual(['confirm done', 'cancel done']);
    const conflict = await cancel(second.id);
    expect(await conflict.json()).toMatchObject({ status: 409, code: 'idempotency_conflict' });
    await decide(customer, second, 'confirmed');
    expect((await verify(customer, second)).accepted).toBe(true);
  });

  test('a decision sent again after the bank called off is answered with how it stands', async () => {
    const { ask, decideOn, shown, path } = confirmations(approve);
    const customer = await approve.active();
    const asked = await ask(customer);
    const details = (await shown(customer))[0]?.details ?? '';
    await decideOn(customer, asked.id, 'confirmed', details);
    await approve.bank('POST', path(customer, `/${asked.id}/cancel`), {});
    const again = await decideOn(customer, asked.id, 'confirmed', details);
    expect(again.status).toBe(200);
    const { decided } = (await again.json()) as { decided: string };
    expect(decodeJwt(decided)).toMatchObject({ status: 'cancelled' });
  });

  test.each(['called off by the bank', 'expired', 'rejected'] as const)(
    '“not me” counts once it is %s only where nobody decided: whoever asked cannot end it in time',
    async (end) => {
      const { ask, decide, decideOn, show, shown, path } = confirmations(approve);
      const customer = await approve.active();
      const asked = await ask(customer);
      const details = (await shown(customer))[0]?.details ?? '';
      if (end === 'called off by the bank')
        await approve.bank('POST', path(customer, `/${asked.id}/cancel`), {});
      if (end === 'expired') {
        approve.nextStep(5);
        await expireConfirmations(nodes.database.db, [], new Date(approve.clock.now()));
      }
      if (end === 'rejected') await decide(customer, asked, 'rejected');
      expect((await decideOn(customer, asked.id, 'confirmed', details)).status).toBe(409);
      const undecided = end !== 'rejected';
      expect((await decideOn(customer, asked.id, 'not-me', details)).status).toBe(undecided ? 200 : 409);
      expect((await show(customer, asked)).status).toBe(undecided ? 'not-me' : 'rejected');
      const token = await (await approve.bank('GET', `/v1/tokens/${customer.userId}`)).json();
      expect(token).toMatchObject({ status: undecided ? 'suspended' : 'active' });
    },
  );

  test('A10: a rejection takes places however late it comes, and it is said when there will be one', async () => {
    const { ask, decide, path } = confirmations(approve);
    const customer = await approve.active();
    const late = await ask(customer);
    approve.nextStep(4);
    await decide(customer, late, 'rejected');
    const asks = () => approve.bank('POST', path(customer), { transaction: TRANSFER });
    for (let count = 0; count < 3; count += 1) expect((await asks()).status).toBe(201);
    const refused = await asks();
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get('Retry-After'));
    expect(seconds).toBeGreaterThan(50);
    expect(seconds).toBeLessThanOrEqual(60);
    approve.nextStep();
    expect((await asks()).status).toBe(201);
  });

  test('A10: questions that were left alone cool down once each, however many end at once', async () => {
    const { ask, path } = confirmations(approve);
    const customer = await approve.active();
    for (let count = 0; count < 5; count += 1) await ask(customer);
    approve.nextStep(6);
    await expireConfirmations(nodes.database.db, [], new Date(approve.clock.now()));
    const beyond = await approve.bank('POST', path(customer), { transaction: TRANSFER });
    expect(beyond.status).toBe(429);
    const seconds = Number(beyond.headers.get('Retry-After'));
    expect(seconds).toBeGreaterThan(330);
    expect(seconds).toBeLessThanOrEqual(360);
  });

  test('the bank is told by a signed event, again until it takes it', async () => {
    const { ask, decide } = confirmations(approve);
    const customer = await approve.active();
    const received: { type: string | undefined; body: string }[] = [];
    const answers = [500, 202];
    const bank = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      received.push({ type: request.headers['content-type'], body });
      response.writeHead(answers.shift() ?? 202).end();
    });
    await new Promise<void>((resolve) => bank.listen(0, '127.0.0.1', resolve));
    const { port } = bank.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/events`;
    const toBank = bankChannel('bank', approve.dependencies, new Map([['senpoku', url]]));
    await sql`delete from events`.execute(nodes.database.db);
    const asked = await ask(customer);
    await decide(customer, asked, 'confirmed');
    expect(await deliverDue(approve.dependencies, toBank, 'senpoku')).toBe(1);
    expect(await deliverDue(approve.dependencies, toBank, 'senpoku')).toBe(0);
    approve.nextStep();
    expect(await deliverDue(approve.dependencies, toBank, 'senpoku')).toBe(1);
    approve.nextStep();
    expect(await deliverDue(approve.dependencies, toBank, 'senpoku')).toBe(0);
    bank.close();
    const keys = (await (await approve.app.request(`${ORIGIN}/v1/keys`)).json()) as { keys: JWK[] };
    const { payload } = await jwtVerify(received[1]?.body ?? '', await importJWK(keys.keys[0] ?? {}), {
      typ: 'secevent+jwt',
      issuer: ORIGIN,
      audience: 'senpoku',
    });
    expect(payload).toMatchObject({
      jti: `${asked.id}.confirmed`,
      events: {
        'urn:warifu:event:confirmation': {
          userId: customer.userId,
          confirmation: { id: asked.id, status: 'confirmed', transaction: TRANSFER },
        },
      },
    });
    expect(received.map(({ type }) => type)).toEqual([
      'application/secevent+jwt',
      'application/secevent+jwt',
    ]);
    expect(decodeJwt(received[0]?.body ?? '').jti).toBe(payload.jti);
  });

  test('A24: neither codes nor details are in the log', async () => {
    const { ask, decide, verify, shown, codeFor } = confirmations(code);
    const customer = await code.active();
    const asked = await ask(customer);
    const right = await codeFor(customer, (await shown(customer))[0]?.details ?? '');
    await decide(customer, asked, 'confirmed');
    await verify(customer, asked, { code: right });
    const log = [...approve.log, ...code.log].join('\n');
    expect(log).toContain('/v1/tokens/:userId/confirmations');
    for (const secret of [right, 'ミホン', asked.id]) expect(log).not.toContain(secret);
  });
});

test('an outcome reaches a bank that waits at another node', async () => {
  const server = await startPostgres();
  const [here, there] = [await openPostgres(server.url), await openPostgres(server.url)];
  const node = await createTestService(here);
  const customer = await node.active();
  const { ask, decide, path } = confirmations(node);
  const asked = await ask(customer);
  const { createService } = await import('../../../server/app.ts');
  const other = createService({ ...node.dependencies, db: there.db, wakes: there.wakes });
  const waiting = other.request(`${ORIGIN}${path(customer, `/${asked.id}?unless=waiting&wait=20`)}`, {
    headers: { Authorization: `Bearer ${node.apiKey}` },
  });
  await decide(customer, asked, 'confirmed');
  expect(await (await waiting).json()).toMatchObject({ status: 'confirmed' });
  await here.close();
  await there.close();
  await server.stop();
}, 60_000);

test('“not me” does not bring back a token that is being released', async () => {
  const server = await startPostgres();
  const [here, there] = [await openPostgres(server.url), await openPostgres(server.url)];
  const service = await createTestService(here);
  const { ask, shown, decideOn } = confirmations(service);
  const customer = await service.active();
  const asked = await ask(customer);
  const details = (await shown(customer))[0]?.details ?? '';
  let decided: Promise<Response> | undefined;
  await there.db.transaction().execute(async (release) => {
    await release
      .updateTable('tokens')
      .set({ status: 'released' })
      .where('id', '=', customer.tokenId)
      .execute();
    // Sees the token in use, and waits for the row.
    decided = decideOn(customer, asked.id, 'not-me', details);
    await waitUntil(async () => {
      const { rows } = await sql<{ waiting: number }>`
        select count(*)::integer as waiting from pg_stat_activity where wait_event_type = 'Lock'`.execute(
        release,
      );
      return rows[0]?.waiting === 1;
    });
  });
  expect((await decided)?.status).toBe(200);
  const { rows } = await sql<{ status: string }>`
    select status from tokens where id = ${customer.tokenId}`.execute(here.db);
  expect(rows).toEqual([{ status: 'released' }]);
  await here.close();
  await there.close();
  await server.stop();
}, 60_000);

async function waitUntil(holds: () => Promise<boolean>): Promise<void> {
  await vi.waitUntil(holds, { timeout: 30_000, interval: 20 });
}
