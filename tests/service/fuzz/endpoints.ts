import { TRANSACTION_EXAMPLES } from '../../../server/examples.ts';

const COORDINATE = 'A'.repeat(43);
const KEY = { kty: 'EC', crv: 'P-256', x: COORDINATE, y: COORDINATE };

const ACT = { actor: 'staff01', reason: '紛失のお届け', approval: 'P-7' };
const TODAY = new Date().toISOString().slice(0, 11);
const REFUSED = { since: `${TODAY}00:00:00.000Z`, reason: 'covered', count: 1 };

const PUSH_KEYS = { p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) };

const IMPORT = `/v1/staff/imports/${'a'.repeat(64)}`;
const ROW = {
  line: 2,
  serial: 'HW00000001',
  key: 'A'.repeat(27),
  algorithm: 'SHA-1',
  digits: 6,
  period: 30,
  drift: 0,
  expiresAt: '2031-03-31T15:00:00.000Z',
};

/** Every endpoint with a body that has its form. */
export const ENDPOINTS = [
  { method: 'POST', path: '/v1/tokens', body: { activationPassword: '24680135' } },
  { method: 'POST', path: '/v1/tokens/{user}/replacement', body: { activationPassword: '24680135' } },
  { method: 'GET', path: '/v1/tokens/{user}', body: undefined },
  { method: 'POST', path: '/v1/tokens/{user}/activate', body: { code: '12345678' } },
  { method: 'POST', path: '/v1/tokens/{user}/verify', body: { code: '12345678' } },
  { method: 'POST', path: '/v1/tokens/{user}/release', body: { code: '12345678' } },
  { method: 'POST', path: '/v1/tokens/{user}/renew', body: { code: '12345678' } },
  { method: 'POST', path: '/v1/tokens/{user}/resync', body: { codes: ['123456', '654321'] } },
  {
    method: 'POST',
    path: '/v1/tokens/{user}/exchange',
    body: { code: '12345678', serial: '7K3M9QX4TZ', codes: ['123456'] },
  },
  { method: 'POST', path: '/v1/serials/7K3M9QX4TZ/bind', body: { codes: ['123456', '654321'] } },
  { method: 'POST', path: '/v1/outcomes', body: undefined },
  { method: 'POST', path: '/v1/tokens/{user}/suspend', body: undefined },
  { method: 'POST', path: '/v1/tokens/{user}/void', body: undefined },
  ...Object.values(TRANSACTION_EXAMPLES).flatMap((transaction) => [
    { method: 'POST', path: '/v1/tokens/{user}/confirmations', body: { transaction } },
    {
      method: 'POST',
      path: '/v1/tokens/{user}/confirmations/{confirmation}/verify',
      body: { transaction, code: '12345678' },
    },
  ]),
  { method: 'GET', path: '/v1/tokens/{user}/confirmations/{confirmation}', body: undefined },
  { method: 'POST', path: '/v1/tokens/{user}/confirmations/{confirmation}/cancel', body: {} },
  { method: 'POST', path: '/v1/tokens/{user}/challenges', body: { use: 'verify' } },
  { method: 'GET', path: '/v1/tokens/{user}/challenges/{confirmation}', body: undefined },
  { method: 'POST', path: '/v1/tokens/{user}/challenges/{confirmation}/use', body: {} },
  { method: 'POST', path: '/v1/tokens/{user}/challenges/{confirmation}/cancel', body: {} },
  { method: 'GET', path: '/v1/staff/tokens/{user}', body: undefined },
  { method: 'GET', path: '/v1/staff/serials/731905428', body: undefined },
  { method: 'POST', path: '/v1/staff/serials/731905428/void', body: ACT },
  { method: 'GET', path: '/v1/staff/tokens/{user}/audit', body: undefined },
  { method: 'GET', path: '/v1/staff/audit', body: undefined },
  { method: 'GET', path: '/v1/staff/counts', body: undefined },
  { method: 'GET', path: '/v1/staff/refused-fills', body: undefined },
  { method: 'POST', path: '/v1/staff/tokens/{user}/unlock', body: ACT },
  { method: 'POST', path: '/v1/staff/tokens/{user}/suspend', body: ACT },
  { method: 'POST', path: '/v1/staff/tokens/{user}/resume', body: ACT },
  { method: 'POST', path: '/v1/staff/tokens/{user}/release', body: ACT },
  { method: 'POST', path: '/v1/staff/tokens/{user}/void', body: ACT },
  { method: 'POST', path: `/v1/staff/tokens/{user}/devices/${'A'.repeat(22)}/remove`, body: ACT },
  { method: 'PUT', path: IMPORT, body: { ...ACT, fileName: 'tokens.xml', tokens: 1_000 } },
  { method: 'GET', path: IMPORT, body: undefined },
  { method: 'GET', path: `${IMPORT}/existing`, body: undefined },
  { method: 'PUT', path: `${IMPORT}/rows/0`, body: { rows: [ROW] } },
  {
    method: 'POST',
    path: '/v1/staff/tokens/{user}/replace',
    body: { ...ACT, activationPassword: '24680135' },
  },
  {
    method: 'POST',
    path: '/v1/enrolments',
    body: {
      serviceId: '10112235',
      userId: '{user}',
      activationPassword: '24680135',
      signingKey: KEY,
      receivingKey: KEY,
    },
  },
  {
    method: 'POST',
    path: '/v1/serial-enrolments',
    body: { serviceId: '10112235', signingKey: KEY, receivingKey: KEY },
  },
  { method: 'GET', path: '/v1/token', body: undefined },
  { method: 'POST', path: '/v1/token/suspend', body: undefined },
  { method: 'GET', path: '/v1/token/confirmations', body: undefined },
  {
    method: 'PUT',
    path: '/v1/token/push',
    body: { endpoint: 'https://push.example.jp/p', keys: PUSH_KEYS },
  },
  { method: 'DELETE', path: '/v1/token/push', body: undefined },
  { method: 'POST', path: '/v1/token/refused-fills', body: { fills: [REFUSED] } },
  {
    method: 'POST',
    path: '/v1/token/confirmations/{confirmation}/decision',
    body: { decision: '{decision}' },
  },
  {
    method: 'POST',
    path: '/v1/pairings',
    body: {
      signingKey: KEY,
      receivingKey: KEY,
      commitment: COORDINATE,
      device: { form: 'extension', name: 'Chrome (Windows)' },
    },
  },
  { method: 'GET', path: '/v1/pairing', body: undefined },
  { method: 'PUT', path: '/v1/pairing/nonce', body: { nonce: COORDINATE } },
  { method: 'DELETE', path: '/v1/pairing', body: undefined },
  { method: 'POST', path: '/v1/token/pairings', body: { code: '12345678' } },
  { method: 'GET', path: '/v1/token/pairings/{confirmation}', body: undefined },
  { method: 'PUT', path: '/v1/token/pairings/{confirmation}/nonce', body: { nonce: COORDINATE } },
  { method: 'POST', path: '/v1/token/pairings/{confirmation}/decision', body: { decision: '{decision}' } },
  { method: 'POST', path: '/v1/token/approvals', body: { request: '{decision}' } },
  { method: 'GET', path: '/v1/token/approvals', body: undefined },
  { method: 'GET', path: '/v1/token/approvals/{confirmation}', body: undefined },
  { method: 'DELETE', path: '/v1/token/approvals/{confirmation}', body: undefined },
  { method: 'POST', path: '/v1/token/approvals/{confirmation}/decision', body: { decision: '{decision}' } },
  { method: 'GET', path: '/v1/token/challenges', body: undefined },
  {
    method: 'POST',
    path: '/v1/token/challenges/{confirmation}/signature',
    body: { signature: '{decision}' },
  },
  { method: 'POST', path: '/v1/token/challenges/{confirmation}/not-me', body: {} },
  { method: 'GET', path: '/v1/token/devices', body: undefined },
  { method: 'DELETE', path: '/v1/token/devices/{confirmation}', body: undefined },
  { method: 'POST', path: '/v1/time', body: { nonce: 'A'.repeat(22) } },
  { method: 'POST', path: '/v1/events', body: { proofs: ['{proof}'] } },
  { method: 'GET', path: '/v1/keys', body: undefined },
  { method: 'GET', path: '/v1/push-key', body: undefined },
  { method: 'GET', path: '/openapi.json', body: undefined },
  { method: 'GET', path: '/healthz', body: undefined },
] as const;
