import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { SENPOKU } from '../../institutions.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { PAGE } from '../../service/test-challenge.ts';
import { confirmations } from '../../service/test-confirmation.ts';
import { createTestService, type TestService } from '../../service/test-service.ts';

/** What a decision says of the page of the transaction, and institutions that ask for it. */

let database: OpenDatabase;
let service: TestService;
let bound: TestService;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database);
  const institutions = [{ ...SENPOKU, confirmation: { mode: 'approve', originBound: true } as const }];
  bound = await createTestService(database, { institutions });
});
afterAll(() => database.close());

describe('a decision', () => {
  test.each([
    ['with the page and the factors', { origin: PAGE, factors: ['token-key', 'pin'] }],
    ['without a page', { origin: null, factors: ['token-key'] }],
    ['of an older token, which says neither', {}],
  ])('%s is kept, and the bank is told what it says', async (_what, proven) => {
    const { ask, decideOn, show, verify } = confirmations(service);
    const customer = await service.active();
    const asked = await ask(customer);
    expect((await decideOn(customer, asked.id, 'confirmed', undefined, proven)).status).toBe(200);
    const { origin, factors } = await show(customer, asked);
    expect({ origin, factors }).toEqual({ origin: undefined, factors: undefined, ...proven });
    const { accepted, confirmation } = await verify(customer, asked);
    expect(accepted).toBe(true);
    expect(confirmation).toMatchObject(proven);
  });

  test.each([
    ['no origin', { origin: `${PAGE}/transfer` }],
    ['no factor', { factors: [] }],
    ['an unknown factor', { factors: ['shoe-size'] }],
  ])('that names %s is none', async (_what, proven) => {
    const { ask, decideOn, show } = confirmations(service);
    const customer = await service.active();
    const asked = await ask(customer);
    expect((await decideOn(customer, asked.id, 'confirmed', undefined, proven)).status).toBe(400);
    expect((await show(customer, asked)).status).toBe('waiting');
  });
});

describe('where consent is bound to the origin', () => {
  test.each([
    ['none', { origin: null, factors: ['token-key', 'pin'] }],
    ['what an older token says', {}],
    ['a page that relays', { origin: 'https://senpoku.example', factors: ['token-key', 'pin'] }],
    ["another institution's", { origin: 'http://akita.localhost:4601', factors: ['token-key'] }],
  ])('with %s it is refused and can still be given or rejected', async (_what, proven) => {
    const { ask, decideOn, show } = confirmations(bound);
    const customer = await bound.active();
    const asked = await ask(customer);
    const refused = await decideOn(customer, asked.id, 'confirmed', undefined, proven);
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ code: 'origin_required' });
    expect((await show(customer, asked)).status).toBe('waiting');
    expect((await decideOn(customer, asked.id, 'confirmed', undefined, { origin: PAGE })).status).toBe(200);
    const other = await ask(customer);
    expect((await decideOn(customer, other.id, 'rejected', undefined, proven)).status).toBe(200);
  });

  test('“not me” needs no page', async () => {
    const { ask, decideOn, show } = confirmations(bound);
    const customer = await bound.active();
    const asked = await ask(customer);
    expect((await decideOn(customer, asked.id, 'not-me', undefined, { origin: null })).status).toBe(200);
    expect((await show(customer, asked)).status).toBe('not-me');
  });

  test('tokens are issued with the mode that the object names', async () => {
    const { ask } = confirmations(bound);
    expect((await ask(await bound.active())).mode).toBe('approve');
  });
});
