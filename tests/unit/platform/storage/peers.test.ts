import { IDBFactory } from 'fake-indexeddb';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Peer } from '../../../../core/vault/peers.ts';
import { type Context, enrol, everything, NOW, PIN, random, SUMMARY, startContext } from './fresh-vault.ts';

const PAIRED = { ...SUMMARY, decider: 'Chrome (Android)' };

async function aPeer(name = PAIRED.decider): Promise<Peer> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]);
  const { x = '', y = '' } = await exportJWK(pair.publicKey);
  const signingKey = { kty: 'EC', crv: 'P-256', x, y } as const;
  const jkt = await calculateJwkThumbprint(signingKey);
  return { jkt, signingKey, device: { form: 'companion', name }, pairedAt: NOW };
}

async function pair(context: Context, decider: Peer): Promise<void> {
  await context.paired.addPairedToken(PAIRED, await context.makePairingKeys(), decider, random);
}

describe('a token whose codes another device makes', () => {
  let context: Context;
  let decider: Peer;

  beforeEach(async () => {
    context = await startContext(new IDBFactory());
    decider = await aPeer();
    await pair(context, decider);
  });

  test('is listed and chosen, signs and receives, and has no key of codes', async () => {
    expect(await context.vault.list()).toEqual([PAIRED]);
    expect(await context.vault.selected()).toBe(PAIRED.id);
    expect((await context.tokenKeys.signing(PAIRED.id)).privateKey.extractable).toBe(false);
    expect((await context.tokenKeys.receiving(PAIRED.id)).extractable).toBe(false);
    const missing = { failure: 'missing' };
    await expect(context.vault.openKey(PAIRED.id)).rejects.toMatchObject(missing);
    await expect(context.tokenKeys.confirmation(PAIRED.id)).rejects.toMatchObject(missing);
    const [record] = (await everything(context)).tokens ?? [];
    expect(record).not.toHaveProperty('sealedKey');
  });

  test('knows the key of the device that decides, which is sealed', async () => {
    expect(await context.paired.peers.of(PAIRED.id)).toEqual([decider]);
    expect(JSON.stringify((await everything(context)).peers)).not.toContain(decider.signingKey.x);
    await context.lock.change({ kind: 'none' }, { kind: 'pin', pin: PIN });
    await context.lock.lock();
    await expect(context.paired.peers.of(PAIRED.id)).rejects.toMatchObject({ failure: 'locked' });
  });

  test('paired anew, the former phone decides no more', async () => {
    const second = await aPeer('Safari (iOS)');
    await pair(context, second);
    expect(await context.paired.peers.of(PAIRED.id)).toEqual([second]);
  });

  test('paired anew, it keeps its 追加文言', async () => {
    await context.vault.rename(PAIRED.id, '給与');
    await pair(context, await aPeer('Safari (iOS)'));
    expect(await context.vault.list()).toMatchObject([{ suffix: '給与' }]);
    expect((await everything(context)).tokens).toMatchObject([{ suffix: '給与' }]);
  });

  test('removed, nothing of the pairing stays', async () => {
    await context.vault.remove(PAIRED.id);
    const { peers, tokens, summaries } = await everything(context);
    expect([peers, tokens, summaries]).toEqual([[], [], []]);
  });
});

describe('a token with paired desktops', () => {
  test('knows each of them, until it is forgotten', async () => {
    const context = await startContext(new IDBFactory());
    await enrol(context);
    const [first, second] = [await aPeer('Firefox (Windows)'), await aPeer('Chrome (macOS)')];
    for (const peer of [first, second]) await context.paired.keepPeer(SUMMARY.id, peer, random);
    expect(await context.paired.peers.of(SUMMARY.id)).toHaveLength(2);
    expect([...(await context.paired.peers.tokens())]).toEqual([SUMMARY.id]);
    await context.paired.peers.forget(SUMMARY.id, first.jkt);
    expect(await context.paired.peers.of(SUMMARY.id)).toEqual([second]);
  });

  test('a peer that was put under another token does not open', async () => {
    const context = await startContext(new IDBFactory());
    await enrol(context);
    await context.paired.keepPeer(SUMMARY.id, await aPeer(), random);
    const db = await context.database();
    const [kept] = await db.getAll('peers');
    if (kept === undefined) throw new Error('nothing was kept');
    await db.put('peers', { ...kept, id: `second ${kept.id.split(' ')[1]}`, tokenId: 'second' });
    await expect(context.paired.peers.of('second')).rejects.toMatchObject({ failure: 'corrupt' });
  });
});
