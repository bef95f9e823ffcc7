import { createECDH } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importJWK, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { systemRandomBytes } from '../../../../host/random.ts';
import { loadPushKey } from '../../../../server/keys.ts';
import {
  encryptMessage,
  encryptTo,
  isReceivingKey,
  topicOf,
  vapid,
} from '../../../../server/push/message.ts';
import { testSubscription } from '../../../service/push-server.ts';
import vector from '../../../vectors/webpush-rfc8291.json' with { type: 'json' };

const bytes = (text: string) => Buffer.from(text, 'base64url');

test('RFC 8291 Appendix A', () => {
  const sender = createECDH('prime256v1');
  sender.setPrivateKey(bytes(vector.as_private));
  expect(sender.getPublicKey('base64url')).toBe(vector.as_public);
  const keys = { p256dh: vector.ua_public, auth: vector.auth_secret };
  const salt = bytes(vector.message).subarray(0, 16);
  const encrypted = encryptTo(keys, Buffer.from(vector.plaintext), { sender, salt, pad: 0 });
  expect(encrypted.toString('base64url')).toBe(vector.message);
});

test('all messages have one length and none is encrypted like another', () => {
  const { subscription, read } = testSubscription('https://push.example.jp/1');
  const messages = [
    { institution: 'akita', waiting: 1 },
    { institution: 'aomoriken', waiting: 12 },
    { institution: 'akita', waiting: 1 },
  ];
  const bodies = messages.map((message) => encryptMessage(subscription.keys, message, systemRandomBytes));
  expect(new Set(bodies.map(({ length }) => length)).size).toBe(1);
  expect(new Set(bodies.map((body) => body.toString('hex'))).size).toBe(3);
  expect(bodies.map((body) => read({ path: '', headers: {}, body }))).toEqual(messages);
});

test('a key that is no point of the curve is none to encrypt to', () => {
  expect(isReceivingKey(vector.ua_public)).toBe(true);
  expect(isReceivingKey(`B${'A'.repeat(86)}`)).toBe(false);
});

test('RFC 8292: the push service is told who sends, for half a day, with a key that stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'warifu-push-'));
  const key = await loadPushKey(folder, undefined);
  expect((await loadPushKey(folder, undefined)).publicPoint).toBe(key.publicPoint);
  const now = Date.parse('2026-11-21T00:00:00Z');
  const header = await vapid(key, 'https://push.example.jp/1?a', 'https://token.example.jp', now);
  const [, jwt = '', point = ''] = /^vapid t=([^,]+), k=(\S+)$/.exec(header) ?? [];
  expect(point).toBe(key.publicPoint);
  const [x, y] = [bytes(point).subarray(1, 33), bytes(point).subarray(33)];
  const publicKey = await importJWK({
    kty: 'EC',
    crv: 'P-256',
    x: x.toString('base64url'),
    y: y.toString('base64url'),
    alg: 'ES256',
  });
  const { payload } = await jwtVerify(jwt, publicKey, { currentDate: new Date(now) });
  expect(payload).toEqual({
    aud: 'https://push.example.jp',
    sub: 'https://token.example.jp',
    exp: now / 1000 + 12 * 3600,
  });
});

test('a topic is of the form push services take, one for each token', () => {
  expect(topicOf('a token')).toMatch(/^[A-Za-z0-9_-]{32}$/);
  expect(topicOf('a token')).toBe(topicOf('a token'));
  expect(topicOf('a token')).not.toBe(topicOf('another'));
});
