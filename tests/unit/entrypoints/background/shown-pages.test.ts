import { beforeEach, describe, expect, test, vi } from 'vitest';
import { TRANSFER } from '../../core/transaction/example.ts';
import { resetBrowser } from './fake-browser.ts';
import { ID, PAGE, pending, resetWorld, SEEN, SENDER, start, world } from './fake-desk.ts';

vi.mock('../../../../platform/browser.ts', async () => (await import('./fake-browser.ts')).fakeBrowser);
vi.mock('../../../../platform/storage/filled.ts', async () => (await import('./fake-filled.ts')).fakeFilled);

beforeEach(() => {
  resetBrowser();
  resetWorld();
});

describe('what the page shows', () => {
  const SAME = { payee: 'same', amount: 'same' };
  const UNREAD = { payee: 'unread', amount: 'unread' };
  const compared = async () =>
    (await start().desk.latest()).confirmations.map(({ details, onPage }) => [
      JSON.parse(details).number,
      onPage,
    ]);
  const show = (text: string, tabId = 7) => start().desk.seen({ ...SEEN, text }, { ...SENDER, tabId });
  const UNNUMBERED = PAGE.replace('確認番号\n47\n', '');

  test('is compared with the confirmation of its 確認番号, after the worker was killed', async () => {
    world.live = [
      pending(),
      pending({ confirmation: ID('B'), number: '12', transaction: { ...TRANSFER, amount: 1 } }),
    ];
    await show(PAGE);
    expect(await compared()).toEqual([
      ['47', SAME],
      ['12', undefined],
    ]);
    await show(PAGE.replace('150,000', '900,000'));
    expect(await compared()).toEqual([
      ['47', { payee: 'same', amount: 'different' }],
      ['12', undefined],
    ]);
    await show(PAGE.replace('47', '12').replace('150,000円', '1円').replace('タロウ', 'ジロウ'));
    expect(await compared()).toEqual([
      ['47', undefined],
      ['12', { payee: 'different', amount: 'same' }],
    ]);
  });

  test('is compared without a 確認番号 only where no page has the right one', async () => {
    await show(UNNUMBERED.replace('150,000', '5'));
    expect(await compared()).toEqual([['47', { payee: 'same', amount: 'different' }]]);
    await show(PAGE, 8);
    expect(await compared()).toEqual([['47', SAME]]);
  });

  test('in two tabs counts in both', async () => {
    await show(PAGE.replace('150,000', '5'));
    await show(PAGE.replace('タロウ', 'ジロウ'), 8);
    expect(await compared()).toEqual([['47', { payee: 'different', amount: 'different' }]]);
  });

  test('is forgotten after a while', async () => {
    await show(PAGE.replace('150,000', '5'));
    world.deviceMs += 15 * 60_000;
    expect(await compared()).toEqual([['47', undefined]]);
  });

  test('and cannot be read is said to be unread', async () => {
    await show(PAGE.replace('150,000円', '***円'));
    expect(await compared()).toEqual([['47', { payee: 'same', amount: 'unread' }]]);
    await show('振込（取引認証）\n確認番号\n47');
    expect(await compared()).toEqual([['47', UNREAD]]);
  });

  test('is unread from when the page is left until it tells of itself again', async () => {
    await show(PAGE);
    await start().desk.left(7);
    expect(await compared()).toEqual([['47', UNREAD]]);
    await show(PAGE);
    expect(await compared()).toEqual([['47', SAME]]);
    await start().desk.left(7);
    await show(PAGE, 8);
    expect(await compared()).toEqual([['47', SAME]]);
  });

  test('stays while the document does: the browser tells of a new address as of another page', async () => {
    await show(PAGE);
    await start().desk.left(7, async ({ documentId }) => documentId === SENDER.documentId);
    expect(await compared()).toEqual([['47', SAME]]);
    await start().desk.left(7, async ({ documentId }) => documentId === 'another');
    expect(await compared()).toEqual([['47', UNREAD]]);
  });

  test('is unread after a page without a 確認番号 was left', async () => {
    await show(UNNUMBERED);
    await start().desk.left(7);
    expect(await compared()).toEqual([['47', UNREAD]]);
  });

  test('is nothing to speak of where no page was, where it is closed, and where it was of another transfer', async () => {
    expect(await compared()).toEqual([['47', undefined]]);
    await start().desk.left(7);
    expect(await compared()).toEqual([['47', undefined]]);
    await show(PAGE.replace('47', '12'));
    await start().desk.left(7);
    expect(await compared()).toEqual([['47', undefined]]);
    await show(PAGE);
    await start().desk.closed(7);
    expect(await compared()).toEqual([['47', undefined]]);
    await show(PAGE);
    await start().desk.left(7);
    await start().desk.closed(7);
    expect(await compared()).toEqual([['47', undefined]]);
  });

  test('of a page that is left and comes at once is what came last', async () => {
    await show(PAGE);
    const { desk } = start();
    await Promise.all([desk.left(7), desk.seen(SEEN, SENDER)]);
    expect(await compared()).toEqual([['47', SAME]]);
  });
});

const AKITA = 'https://ib.akita.example';

describe('a decision names where the page is', () => {
  const decide = () => start().desk.decide('first', pending().canonical, 'confirmed');
  const show = (text: string, tabId = 7) => start().desk.seen({ ...SEEN, text }, { ...SENDER, tabId });

  test('that shows this very transaction, by the browser’s word, also after the worker was killed', async () => {
    await show(PAGE);
    await decide();
    expect(world.decidedAt).toEqual([SENDER.origin]);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['no page was seen', async () => undefined],
    ['it shows another payee', () => show(PAGE.replace('タロウ', 'ジロウ'))],
    ['it shows another 確認番号', () => show(PAGE.replace('47', '48'))],
    ['it shows none', () => show(PAGE.replace('確認番号\n47\n', ''))],
    ['a part of it cannot be read', () => show(PAGE.replace('150,000円', '***円'))],
    [
      'another tab shows it differently',
      async () => {
        await show(PAGE, 8);
        await show(PAGE.replace('150,000', '900,000'));
      },
    ],
    ['the page is of another institution', () => start().desk.seen(SEEN, { ...SENDER, origin: AKITA })],
    ['the page is of nobody', () => start().desk.seen(SEEN, { ...SENDER, origin: 'https://evil.example' })],
    [
      'it was left',
      async () => {
        await show(PAGE);
        await start().desk.left(7);
      },
    ],
    [
      'it was seen long ago',
      async () => {
        await show(PAGE);
        world.deviceMs += 15 * 60_000;
      },
    ],
  ])('and none where %s', async (_what, before) => {
    await before();
    await decide();
    expect(world.decidedAt).toEqual([undefined]);
  });
});
