import { beforeEach, describe, expect, test, vi } from 'vitest';
import { NOW } from '../../platform/service/fake-service.ts';
import { resetBrowser } from './fake-browser.ts';
import { PAGE, pending, resetWorld, SENDER, start, world } from './fake-desk.ts';
import { claimed } from './fake-filled.ts';

vi.mock('../../../../platform/browser.ts', async () => (await import('./fake-browser.ts')).fakeBrowser);
vi.mock('../../../../platform/storage/filled.ts', async () => (await import('./fake-filled.ts')).fakeFilled);

beforeEach(() => {
  resetBrowser();
  resetWorld();
});

describe('the field for a confirmation code', () => {
  const REQUEST = { type: 'fill.request', screen: 'BFT003', maxLength: 8, text: PAGE } as const;
  const fill = (request: Partial<typeof REQUEST> | object = {}) =>
    start().filler.fill({ ...REQUEST, ...request }, SENDER);
  const refused = (reason: string) => ({ kind: 'refused', reason });

  test('gets the code once the transfer is confirmed, and once only', async () => {
    expect(await fill()).toEqual(refused('confirmation-missing'));
    world.live = [pending({}, { status: 'confirmed', useBy: NOW + 1 })];
    expect(await fill()).toEqual({ kind: 'code', code: '12345678' });
    expect(await fill()).toEqual(refused('field-changed'));
  });

  test('gets it again where the customer asks, as the page may have replaced the field meanwhile', async () => {
    world.live = [pending({}, { status: 'confirmed', useBy: NOW + 1 })];
    expect(await fill()).toMatchObject({ kind: 'code' });
    world.asksToFill = true;
    expect(await fill()).toEqual({ kind: 'code', code: '12345678' });
  });

  test('asked for several times at once it gets the code once', async () => {
    world.live = [pending({}, { status: 'confirmed', useBy: NOW + 1 })];
    const kinds = (await Promise.all([fill(), fill(), fill()])).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'code')).toHaveLength(1);
  });

  test('gets the code again as another document, after a wrong 確認用パスワード', async () => {
    world.live = [pending({}, { status: 'confirmed', useBy: NOW + 1 })];
    const { filler } = start();
    expect(await filler.fill(REQUEST, SENDER)).toMatchObject({ kind: 'code' });
    const next = { ...SENDER, documentId: 'next' };
    expect(await filler.fill(REQUEST, next)).toMatchObject({ kind: 'code' });
    expect(await filler.fill(REQUEST, next)).toEqual(refused('field-changed'));
  });

  test('gets none where the page shows another transfer, and it can be filled when that is put right', async () => {
    world.live = [pending({}, { status: 'confirmed', useBy: NOW + 1 })];
    expect(await fill({ text: PAGE.replace('150,000', '9') })).toEqual(refused('confirmation-differs'));
    expect(await fill()).toMatchObject({ kind: 'code' });
  });

  test('W3: never gets a login code, nor a login field a confirmation code', async () => {
    world.live = [pending({}, { status: 'confirmed', useBy: NOW + 1 })];
    // The vault of these tests throws where a login code is asked for.
    expect(await fill({ screen: 'BLI023' })).toEqual(refused('vault'));
    expect(claimed.size).toBe(0);
  });

  test('while the vault is locked gets none, of either kind', async () => {
    world.locked = true;
    world.live = [pending({}, { status: 'confirmed', useBy: NOW + 1 })];
    expect(await fill()).toEqual(refused('locked'));
    expect(await fill({ screen: 'BLI023' })).toEqual(refused('locked'));
    expect(claimed.size).toBe(0);
  });

  test('asks no service for who is no bank', async () => {
    const { filler } = start();
    expect(await filler.fill(REQUEST, { ...SENDER, frameId: 1 })).toEqual(refused('sender-frame'));
    expect(world.asked).toEqual([]);
  });
});
