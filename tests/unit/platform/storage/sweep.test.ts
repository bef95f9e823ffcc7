import { IDBFactory } from 'fake-indexeddb';
import { expect, test } from 'vitest';
import { enrol, everything, PIN, random, startContext } from './fresh-vault.ts';

test('a sweep leaves the vault as it was, and one scratch database however often', async () => {
  const disk = new IDBFactory();
  const context = await startContext(disk);
  await enrol(context);
  await context.lock.change({ kind: 'none' }, { kind: 'pin', pin: PIN });
  const before = await everything(context);
  const { sweep } = await import('../../../../platform/storage/sweep.ts');
  await sweep(random);
  await Promise.all([sweep(random), sweep(random)]);
  expect(await everything(context)).toEqual(before);
  await sweep(random);
  const names = (await disk.databases()).map(({ name }) => name);
  expect(names.filter((name) => name?.startsWith('warifu-sweep-'))).toHaveLength(1);
  expect(names).toContain('warifu');
});

test('a sweep that fails is no failure of what it follows', async () => {
  const context = await startContext(new IDBFactory());
  await enrol(context);
  const { sweep } = await import('../../../../platform/storage/sweep.ts');
  await expect(
    sweep(() => {
      throw new Error('no room');
    }),
  ).resolves.toBeUndefined();
  expect((await everything(context)).keyring).toHaveLength(1);
});
