import { afterAll, beforeEach, expect, test } from 'vitest';
import { seal } from '../../../core/vault/seal.ts';
import { isKeyOf } from '../../../host/key-check.ts';
import { systemRandomBytes as randomBytes } from '../../../host/random.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { createTestService } from '../../service/test-service.ts';

const database = await openServiceMemory();
const { db } = database;
beforeEach(async () => {
  await db.deleteFrom('key_checks').execute();
});
afterAll(() => database.close());

const newKey = () =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
const nothing = async () => undefined;

test('the key of the first start is the key from then on', async () => {
  const [key, other] = [await newKey(), await newKey()];
  expect(await isKeyOf({ db, key, randomBytes, example: nothing })).toBe(true);
  expect(await isKeyOf({ db, key: other, randomBytes, example: nothing })).toBe(false);
  expect(await isKeyOf({ db, key, randomBytes, example: nothing })).toBe(true);
});

test('of two nodes that start at once with two keys, one is right', async () => {
  const keys = [await newKey(), await newKey()];
  const right = await Promise.all(keys.map((key) => isKeyOf({ db, key, randomBytes, example: nothing })));
  expect(right.filter(Boolean)).toHaveLength(1);
});

test('a database from before is judged by what it holds, and a wrong key leaves no mark', async () => {
  const [key, other] = [await newKey(), await newKey()];
  const sealed = await seal(key, randomBytes(20), 'a token', randomBytes);
  const example = async () => ({ sealed, context: 'a token' });
  expect(await isKeyOf({ db, key: other, randomBytes, example })).toBe(false);
  expect(await isKeyOf({ db, key, randomBytes, example })).toBe(true);
});

test('a node whose master key is another is not ready, and says why', async () => {
  const right = await createTestService(database);
  await right.issue();
  expect((await right.app.request('/readyz')).status).toBe(200);
  const wrong = await createTestService(database);
  const answer = await wrong.app.request('/readyz');
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ detail: "The master key is not this database's" });
});
