import { IDBFactory } from 'fake-indexeddb';
import { expect, test } from 'vitest';
import { enrol, PIN, SUMMARY, startContext } from './fresh-vault.ts';

const made = (signature: string, challenge = 'a challenge') => ({ challenge, document: 'd', signature });
const never = () => false;

test('the first signature of a challenge stays, whichever page or worker makes another', async () => {
  const disk = new IDBFactory();
  const { keepSignature } = await startContext(disk);
  const kept = await Promise.all([
    keepSignature(SUMMARY.id, made('one'), never),
    keepSignature(SUMMARY.id, made('two'), never),
  ]);
  expect(kept).toEqual([made('one'), made('one')]);
  const next = await startContext(disk);
  expect(await next.keepSignature(SUMMARY.id, made('three'), never)).toEqual(made('one'));
  expect(await next.keepSignature('second', made('four'), never)).toEqual(made('four'));
});

test('one that is over makes room for another, alone', async () => {
  const { keepSignature } = await startContext(new IDBFactory());
  await keepSignature(SUMMARY.id, made('other', 'another challenge'), never);
  await keepSignature(SUMMARY.id, made('one'), never);
  expect(await keepSignature(SUMMARY.id, made('two'), ({ signature }) => signature === 'one')).toEqual(
    made('two'),
  );
  expect(await keepSignature(SUMMARY.id, made('three'), never)).toEqual(made('two'));
  expect(await keepSignature(SUMMARY.id, made('new', 'another challenge'), never)).toMatchObject({
    signature: 'other',
  });
});

test('far more than can wait are remembered, and no more than that', async () => {
  const { keepSignature } = await startContext(new IDBFactory());
  for (let at = 0; at < 16; at += 1) await keepSignature(SUMMARY.id, made('first', `challenge ${at}`), never);
  expect(await keepSignature(SUMMARY.id, made('again', 'challenge 0'), never)).toMatchObject({
    signature: 'first',
  });
  await keepSignature(SUMMARY.id, made('first', 'challenge 16'), never);
  expect(await keepSignature(SUMMARY.id, made('again', 'challenge 0'), never)).toMatchObject({
    signature: 'again',
  });
});

test('nothing of a removed token is left', async () => {
  const context = await startContext(new IDBFactory());
  await enrol(context);
  await context.keepSignature(SUMMARY.id, made('one'), never);
  await context.vault.remove(SUMMARY.id);
  expect(await context.keepSignature(SUMMARY.id, made('two'), never)).toEqual(made('two'));
});

test('what proves the customer is the token’s key, and what opened the vault', async () => {
  const context = await startContext(new IDBFactory());
  expect(await context.factors()).toEqual(['token-key']);
  await enrol(context);
  await context.lock.change({ kind: 'none' }, { kind: 'pin', pin: PIN });
  expect(await context.factors()).toEqual(['token-key', 'pin']);
  await context.lock.change({ kind: 'pin', pin: PIN }, { kind: 'passkey' });
  expect(await context.factors()).toEqual(['token-key', 'passkey']);
});
