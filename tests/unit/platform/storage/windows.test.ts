import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { MOST_TRIES } from '../../../../core/vault/lock.ts';
import { type Context, enrol, PIN, startContext } from './fresh-vault.ts';

const NONE = { kind: 'none' } as const;
const RIGHT = { kind: 'pin', pin: PIN } as const;
const WRONG = { kind: 'pin', pin: '806417' } as const;

let one: Context;
let other: Context;

/** What a window shows that reads its tokens again whenever it is told to. */
function shown(context: Context) {
  const said: { now: unknown } = { now: undefined };
  const read = async () => {
    said.now = await listed(context);
  };
  context.lock.watch(read);
  return { said, read };
}

/** Ids of its tokens, or why there are none. */
const listed = ({ vault }: Context): Promise<unknown> =>
  vault.list().then(
    (tokens) => tokens.map(({ id }) => id),
    ({ failure }: { failure: unknown }) => failure,
  );

const becomes = (said: { now: unknown }, wanted: unknown) =>
  vi.waitFor(() => expect(said.now).toEqual(wanted), { timeout: 20_000 });

describe('with two windows of the companion open', () => {
  beforeEach(async () => {
    const disk = new IDBFactory();
    one = await startContext(disk);
    other = await startContext(disk);
    await enrol(one);
  });

  test('a lock that is set in one locks the other', async () => {
    const { said, read } = shown(one);
    await read();
    expect(said.now).toEqual(['first']);
    await other.lock.change(NONE, RIGHT);
    await becomes(said, 'locked');
    expect(await listed(other)).toEqual(['first']);
  });

  test('a wipe in one empties the other, and what opened the old vault is forgotten there', async () => {
    await one.lock.change(NONE, RIGHT);
    const { said, read } = shown(one);
    await read();
    expect(said.now).toEqual(['first']);
    for (let tried = 0; tried < MOST_TRIES; tried += 1) await other.lock.unlock(WRONG);
    await becomes(said, []);
    expect(await one.session.open()).toBeUndefined();
  });

  test('locked in one, the token is locked in the other', async () => {
    await one.lock.change(NONE, RIGHT);
    await other.lock.unlock(RIGHT);
    const { said } = shown(one);
    await other.lock.lock();
    await becomes(said, 'locked');
  });

  test('a shorter time to lock that is set in one counts in the other', async () => {
    await one.lock.change(NONE, RIGHT);
    await other.lock.unlock(RIGHT);
    await other.lock.setAutoLock(5);
    one.time.now += 6 * 60_000;
    await vi.waitFor(async () => expect(await listed(one)).toBe('locked'), { timeout: 20_000 });
  });

  test('the time to lock of one locks no other, which is in use', async () => {
    await one.lock.change(NONE, RIGHT);
    await other.lock.unlock(RIGHT);
    other.time.now += 16 * 60_000;
    expect(await listed(other)).toBe('locked');
    expect(await listed(one)).toEqual(['first']);
  });
});
