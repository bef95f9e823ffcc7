import { createQueryId, type KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AUDITED_TOKENS_MOST, type AuditPage, type Counts } from '../../../core/api/audit.ts';
import { type AuditWanted, auditEntries } from '../../../server/store/audit-entries.ts';
import { countEntries, sumHours } from '../../../server/store/counts.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { staffActs } from '../../service/staff-acts.ts';
import { confirmations } from '../../service/test-confirmation.ts';
import { type Customer, createTestService, type TestService } from '../../service/test-service.ts';

/** What staff read of the audit. */

let database: OpenDatabase;
let service: TestService;
let locked: Customer;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database);
  locked = (await staffActs(service).make.locked()) as Customer;
});
afterAll(() => database.close());

const HOUR_MS = 60 * 60_000;

const get = (path: string, headers?: Record<string, string>) =>
  service.staff('GET', `/v1/staff${path}`, undefined, headers);
const page = async (path: string) => (await (await get(path)).json()) as AuditPage;
const kinds = ({ entries }: AuditPage) => entries.map(({ event, outcome }) => `${event} ${outcome}`);

/** An entry written past the service. */
const write = (more: { token_id?: string; at?: Date; institution?: string; actor?: string } = {}) =>
  database.db
    .insertInto('audit')
    .values({
      at: new Date(service.clock.now()),
      institution: 'senpoku',
      token_id: locked.tokenId,
      event: 'verify',
      outcome: 'done',
      request_id: 'test',
      ...more,
    })
    .returning('id')
    .executeTakeFirstOrThrow();

/** Every page, one after the other. */
async function pages(path: string, between: () => Promise<unknown> = async () => {}): Promise<AuditPage[]> {
  const read: AuditPage[] = [];
  for (let next: string | undefined = ''; next !== undefined; ) {
    const one: AuditPage = await page(
      `${path}${path.includes('?') ? '&' : '?'}limit=3${next && `&cursor=${next}`}`,
    );
    read.push(one);
    next = one.next;
    await between();
  }
  return read;
}

describe('the audit of a token', () => {
  test('says with the last wrong code that the token is locked, and after how many', async () => {
    const read = await page(`/tokens/${locked.userId}/audit`);
    expect(kinds(read)).toEqual([
      'lock done',
      ...Array.from({ length: 10 }, () => 'verify wrong'),
      'activate done',
      'enrol done',
      'issue done',
    ]);
    expect(read.entries[0]).toMatchObject({ failures: 10, userId: locked.userId });
    expect(read.entries[1]).not.toHaveProperty('failures');
  });

  test('locked by wrong codes of a confirmation says so as well', async () => {
    const by = await createTestService(database, { confirmation: 'code' });
    const customer = await by.active();
    const { ask, decide } = confirmations(by);
    for (let asked = 0; asked < 4; asked += 1) {
      const question = await ask(customer);
      await decide(customer, question, 'confirmed');
      for (let wrong = 0; wrong < 3; wrong += 1) {
        await by.bank('POST', `/v1/tokens/${customer.userId}/confirmations/${question.id}/verify`, {
          transaction: question.transaction,
          code: String(10_000_000 + asked * 10 + wrong),
        });
      }
    }
    const { entries } = await page(`/tokens/${customer.userId}/audit?limit=100`);
    expect(entries.filter(({ event }) => event === 'lock')).toMatchObject([
      { outcome: 'done', failures: 10 },
    ]);
    expect(entries.find(({ event }) => event === 'decide')).toMatchObject({ transaction: 'transfer' });
  });

  test('has who acted and why, and nothing that is secret', async () => {
    const customer = await service.active();
    await staffActs(service).done('suspend', customer);
    const text = await (await get(`/tokens/${customer.userId}/audit`)).text();
    expect(JSON.parse(text).entries[0]).toMatchObject({ actor: 'staff01', reason: '電話による申し出' });
    const members = new Set((JSON.parse(text) as AuditPage).entries.flatMap((entry) => Object.keys(entry)));
    expect([...members].sort()).toEqual(['actor', 'at', 'event', 'id', 'outcome', 'reason', 'userId']);
    expect(text).not.toContain(customer.tokenId);
  });

  test('is read in pages that entries written meanwhile do not move', async () => {
    const path = `/tokens/${locked.userId}/audit`;
    const before = (await page(`${path}?limit=1000`)).entries;
    const read = await pages(path, () => write());
    expect(read.flatMap(({ entries }) => entries)).toEqual(before);
    expect(read.length).toBeGreaterThan(3);
  });

  test('of the same moment is read once each', async () => {
    const customer = await service.active();
    const at = new Date(service.clock.now());
    for (let count = 0; count < 8; count += 1) await write({ token_id: customer.tokenId, at });
    const read = (await pages(`/tokens/${customer.userId}/audit`)).flatMap(({ entries }) => entries);
    expect(new Set(read.map(({ id }) => id)).size).toBe(11);
    expect(read).toHaveLength(11);
  });
});

describe('the audit of an institution', () => {
  test('has every entry once, by time, through all events', async () => {
    const read = (await pages('/audit')).flatMap(({ entries }) => entries);
    const { count } = await database.db
      .selectFrom('audit')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('institution', '=', 'senpoku')
      .executeTakeFirstOrThrow();
    expect(read).toHaveLength(Number(count));
    expect(read.map(({ at }) => at)).toEqual(
      read
        .map(({ at }) => at)
        .toSorted()
        .reverse(),
    );
  });

  test('is filtered by event, outcome, actor, token and time, each alone and together', async () => {
    const customer = await service.active();
    await staffActs(service).done('suspend', customer);
    const [suspended] = (await page(`/audit?event=suspend&userId=${customer.userId}`)).entries;
    expect(suspended).toMatchObject({ event: 'suspend', outcome: 'done', actor: 'staff01' });
    expect(kinds(await page('/audit?actor=staff01&event=suspend&outcome=done')).slice(0, 1)).toEqual([
      'suspend done',
    ]);
    for (const { outcome, event } of (await page('/audit?outcome=wrong')).entries) {
      expect([['verify', 'use'].includes(event), outcome]).toEqual([true, 'wrong']);
    }
    const at = suspended?.at ?? '';
    expect(kinds(await page(`/audit?event=suspend&to=${at}&userId=${customer.userId}`))).toEqual([]);
    expect(kinds(await page(`/audit?event=suspend&from=${at}&userId=${customer.userId}`))).toEqual([
      'suspend done',
    ]);
  });

  test('of several tokens is read in pages by time, and of none that is another institution’s', async () => {
    const [one, two] = [await service.active(), await service.active()];
    const at = service.clock.now() + HOUR_MS;
    for (let count = 0; count < 6; count += 1) {
      const { tokenId } = count % 2 === 0 ? one : two;
      await write({ token_id: tokenId, at: new Date(at + count) });
    }
    const path = `/audit?userId=${one.userId},000000000000,${two.userId}`;
    const read = (await pages(path)).flatMap(({ entries }) => entries);
    expect(read.slice(0, 6).map(({ userId }) => userId)).toEqual(
      Array.from({ length: 3 }, () => [two.userId, one.userId]).flat(),
    );
    const alone = await Promise.all(
      [one, two].map(async ({ userId }) => (await page(`/audit?limit=1000&userId=${userId}`)).entries),
    );
    expect(read.map(({ id }) => id).toSorted()).toEqual(
      alone
        .flat()
        .map(({ id }) => id)
        .toSorted(),
    );
    expect(new Set(read.map(({ userId }) => userId))).toEqual(new Set([one.userId, two.userId]));
    const theirs = { Authorization: `Bearer ${await service.keyOf('staff', 'akita')}` };
    expect(await (await get(path, theirs)).json()).toEqual({ entries: [] });
  });

  test.each(['%', '_', "'", "staff01' or '1'='1", '<b>', 'staff0_', '\\'])(
    'takes an actor for what it says: %s',
    async (actor) => {
      expect((await page(`/audit?actor=${encodeURIComponent(actor)}`)).entries).toEqual([]);
    },
  );

  test.each([
    'actor=%00',
    `actor=${'x'.repeat(10_000)}`,
    'limit=0',
    'limit=1001',
    'limit=1e2',
    'cursor=x',
    'cursor=99999999999999-1',
    'from=0000-01-01T00:00:00Z',
    'from=2026-11-27',
    'event=nothing',
    'userId=',
    'userId=000000000000,',
    `userId=${Array.from({ length: AUDITED_TOKENS_MOST + 1 }, () => '000000000000').join(',')}`,
    'from=2026-01-01T00:00:00Z&from=2026-01-01T00:00:00Z',
  ])('refuses %s', async (query) => {
    expect((await get(`/audit?${query}`)).status).toBe(400);
  });

  test('is never another’s: neither its pages nor its tokens', async () => {
    const theirs = { Authorization: `Bearer ${await service.keyOf('staff', 'akita')}` };
    for (const path of ['/audit', `/audit?userId=${locked.userId}`, '/audit?actor=staff01']) {
      expect(await (await get(path, theirs)).json()).toEqual({ entries: [] });
    }
    expect((await get(`/tokens/${locked.userId}/audit`, theirs)).status).toBe(404);
    const range = `from=${new Date(service.clock.now() - HOUR_MS).toISOString()}&to=${new Date(service.clock.now() + HOUR_MS).toISOString()}`;
    expect(await (await get(`/counts?${range}&by=hour`, theirs)).json()).toEqual({ counts: [] });
    const bank = { Authorization: `Bearer ${service.apiKey}` };
    for (const path of ['/audit', `/tokens/${locked.userId}/audit`, `/counts?${range}&by=hour`]) {
      expect([path, (await get(path, bank)).status]).toEqual([path, 403]);
    }
  });
});

describe('counts', () => {
  const moment = Date.parse('2026-05-01T00:00:00+09:00');
  const counts = async (from: number, to: number, by: 'hour' | 'day') => {
    const range = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;
    return ((await (await get(`/counts?${range}&by=${by}`)).json()) as Counts).counts;
  };

  test('are by whole hours and days of Japan', async () => {
    const late = moment - 1;
    await write({ at: new Date(late) });
    await write({ at: new Date(moment) });
    await write({ at: new Date(moment + 5 * HOUR_MS) });
    const said = { event: 'verify', outcome: 'done', count: 1 };
    const day = (text: string) => new Date(`${text}T00:00:00+09:00`).toISOString();
    expect(await counts(late, moment + HOUR_MS, 'day')).toEqual([
      { from: day('2026-04-30'), ...said },
      { from: day('2026-05-01'), ...said, count: 2 },
    ]);
    expect(await counts(moment + 1, moment + 2, 'hour')).toEqual([{ from: day('2026-05-01'), ...said }]);
  });

  test('are the same whether their hours have been summed or not, and are summed once', async () => {
    const range = {
      institution: 'senpoku',
      from: new Date(moment - 48 * HOUR_MS),
      to: new Date(moment + 48 * HOUR_MS),
    };
    const before = await countEntries(database.db, range, 'hour');
    expect(before.length).toBeGreaterThan(2);
    const now = new Date(moment + 30 * HOUR_MS);
    await sumHours(database.db, 'senpoku', now);
    await sumHours(database.db, 'senpoku', now);
    expect(await countEntries(database.db, range, 'hour')).toEqual(before);
    const rows = await database.db.selectFrom('audit_hours').selectAll().execute();
    expect(rows).toHaveLength(94 * 24);
    expect(Math.max(...rows.map(({ since }) => since.getTime()))).toBe(moment + 28 * HOUR_MS);
  });

  test('of hours that a clock ahead took to be over are counted once they are', async () => {
    const now = moment + 30 * HOUR_MS;
    await sumHours(database.db, 'senpoku', new Date(now + 24 * HOUR_MS));
    const at = now + 2 * HOUR_MS;
    await write({ at: new Date(at) });
    await sumHours(database.db, 'senpoku', new Date(now));
    const said = { from: new Date(at).toISOString(), event: 'verify', outcome: 'done', count: 1 };
    expect(await counts(at, at + HOUR_MS, 'hour')).toEqual([said]);
    expect((await sumAt(now)).hours.at(-1)).toBe(moment + 28 * HOUR_MS);
  });

  test('cost two statements where every hour has its sum, and one more for the hours since', async () => {
    const now = moment + 30 * HOUR_MS;
    const { hours } = await sumAt(now);
    expect(hours.at(-1)).toBe(moment + 28 * HOUR_MS);
    expect(await sumAt(now)).toEqual({ statements: 2, hours });
    const since = [29, 30, 31].map((hour) => moment + hour * HOUR_MS);
    expect(await sumAt(now + 3 * HOUR_MS)).toEqual({ statements: 3, hours: [...hours, ...since] });
  });

  /** How many statements a run makes, and which hours have sums after it. */
  async function sumAt(now: number) {
    let statements = 0;
    const counting: KyselyPlugin = {
      transformQuery: ({ node }) => {
        statements += 1;
        return node;
      },
      transformResult: async ({ result }) => result,
    };
    await sumHours(database.db.withPlugin(counting), 'senpoku', new Date(now));
    const rows = await database.db.selectFrom('audit_hours').select('since').orderBy('since').execute();
    return { statements, hours: rows.map(({ since }) => since.getTime()) };
  }

  test('of more days than are counted at once, or of none, are refused', async () => {
    const at = (ms: number) => new Date(ms).toISOString();
    for (const query of [
      `from=${at(moment)}&to=${at(moment + 9 * 24 * HOUR_MS)}&by=hour`,
      `from=${at(moment)}&to=${at(moment + 94 * 24 * HOUR_MS)}&by=day`,
      `from=${at(moment)}&to=${at(moment - 1)}&by=day`,
      `from=${at(moment)}&to=${at(moment)}&by=week`,
      `to=${at(moment)}&by=day`,
    ]) {
      expect([query, (await get(`/counts?${query}`)).status]).toEqual([query, 400]);
    }
  });
});

test('a filter is one statement to prepare, of however many tokens and outcomes', async () => {
  const statements = new Set<string>();
  const noting: KyselyPlugin = {
    transformQuery: ({ node }) => {
      statements.add(database.db.getExecutor().compileQuery(node, createQueryId()).sql);
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const read = (wanted: Omit<AuditWanted, 'institution'>) =>
    auditEntries(database.db.withPlugin(noting), { institution: 'senpoku', ...wanted }, 5);
  await write();
  const outcomes = ['done', 'wrong', 'late'] as const;
  for (const count of [1, 2, 3]) {
    expect(await read({ outcomes: outcomes.slice(0, count) })).not.toEqual([]);
    const userIds = [locked.userId, '100000000000', '100000000001'].slice(0, count);
    expect(await read({ userIds, outcomes: outcomes.slice(0, count) })).not.toEqual([]);
  }
  expect(statements.size).toBe(2);
});
