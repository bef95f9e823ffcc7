import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMPANION_REMINDER_PATH, institutionsIn } from '../../../core/institution/reminder.ts';
import { type OpenDatabase, openPostgres } from '../../../server/store/database.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { startPostgres } from '../../service/postgres.ts';
import { confirmations } from '../../service/test-confirmation.ts';
import { createTestService, ORIGIN, type TestService } from '../../service/test-service.ts';
import { postTo } from '../../service/two-nodes.ts';

let database: OpenDatabase;
let service: TestService;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database);
});
afterAll(() => database.close());

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** A request as it comes, not as a well-behaved bank makes it. */
function raw(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = {
    Authorization: `Bearer ${service.apiKey}`,
    'Idempotency-Key': crypto.randomUUID(),
    ...init.headers,
  };
  return Promise.resolve(service.app.request(`${ORIGIN}${path}`, { ...init, headers }));
}

describe('bad input gets a problem document', () => {
  const post = (body: BodyInit, headers: Record<string, string> = JSON_TYPE) =>
    raw('/v1/tokens', { method: 'POST', body, headers });

  test.each([
    ['an empty body', () => post(''), 400, 'invalid_request'],
    ['a truncated body', () => post('{"activationPassword":"12'), 400, 'invalid_request'],
    ['not an object', () => post('[]'), 400, 'invalid_request'],
    ['an unknown field', () => post('{"activationPassword":"1234","x":1}'), 400, 'invalid_request'],
    ['full-width digits', () => post('{"activationPassword":"１２３４"}'), 400, 'invalid_request'],
    ['markup', () => post('{"activationPassword":"<b>1</b>"}'), 400, 'invalid_request'],
    ['a wrong encoding', () => post(new Uint8Array([0x7b, 0x22, 0x83, 0x5c, 0xff])), 400, 'invalid_request'],
    [
      'another content type',
      () => post('a=1', { 'Content-Type': 'text/plain' }),
      415,
      'unsupported_media_type',
    ],
    [
      'an encoded body',
      () => post('{}', { ...JSON_TYPE, 'Content-Encoding': 'gzip' }),
      415,
      'unsupported_media_type',
    ],
    [
      'a length that is none',
      () => post('{"activationPassword":"1234"}', { ...JSON_TYPE, 'Content-Length': 'x' }),
      400,
      'invalid_request',
    ],
    [
      'bytes that are not UTF-8 within a text',
      () =>
        post(new Uint8Array([...new TextEncoder().encode('{"activationPassword":"1234'), 0xff, 0x22, 0x7d])),
      400,
      'invalid_request',
    ],
    [
      'the prototype of everything',
      () => post('{"__proto__":{"activationPassword":"1234"}}'),
      400,
      'invalid_request',
    ],
    ['deep nesting', () => post(`${'['.repeat(16_000)}${']'.repeat(16_000)}`), 400, 'invalid_request'],
    ['a number beyond numbers', () => post('{"activationPassword":1e400}'), 400, 'invalid_request'],
    ['a NUL', () => post('{"activationPassword":"1234\\u0000"}'), 400, 'invalid_request'],
    [
      'too much',
      () => post(JSON.stringify({ activationPassword: '1'.repeat(40_000) })),
      413,
      'payload_too_large',
    ],
    ['a user id of another form', () => raw('/v1/tokens/12'), 400, 'invalid_request'],
    ['an unknown user id', () => raw('/v1/tokens/123456789012'), 404, 'token_unknown'],
    ['an unknown path', () => raw('/v1/nothing'), 404, 'not_found'],
    ['no API key for an issue', () => post('{}', { ...JSON_TYPE, Authorization: '' }), 401, 'unauthorized'],
    [
      'no API key',
      () => raw('/v1/tokens/123456789012', { headers: { Authorization: '' } }),
      401,
      'unauthorized',
    ],
    [
      'a wrong API key',
      () => raw('/v1/tokens/123456789012', { headers: { Authorization: `Bearer ${'x'.repeat(43)}` } }),
      401,
      'unauthorized',
    ],
    [
      'no idempotency key',
      () => post('{"activationPassword":"1234"}', { ...JSON_TYPE, 'Idempotency-Key': '' }),
      400,
      'idempotency_key_missing',
    ],
  ])('%s', async (_what, send, status, code) => {
    const response = await send();
    expect(response.headers.get('Content-Type')).toBe('application/problem+json');
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ status, code, type: `urn:warifu:problem:${code}` });
  });

  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'Application/JSON',
    'application/json; a=b',
    'application/json; a="b\\"c" ; charset=utf-8',
  ])('%s is JSON', async (type) => {
    expect((await post('{"activationPassword":"1234"}', { 'Content-Type': type })).status).toBe(201);
  });

  test.each([
    'application/json;x',
    'application/json;',
    'application/json; charset=shift_jis',
    'application/json, application/json',
    'application/jsonx',
    'text/json',
    ';',
    '',
    'application/json ; charset=utf-8',
    'application/json; a="b;c"',
    'application/json; a_b=c',
  ])('"%s" is no JSON, whoever sends it', async (type) => {
    const response = await post('{"activationPassword":"1234"}', { 'Content-Type': type, Authorization: '' });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ code: 'unsupported_media_type' });
  });

  test.each(['025', '26', '-1', '1.0', '0x9', '1e1', '%201', ''])('a wait of 「%s」', async (wait) => {
    const response = await raw(`/v1/tokens/123456789012/challenges/${'A'.repeat(22)}?wait=${wait}`);
    expect(await response.json()).toMatchObject({ status: 400, code: 'invalid_request', fields: ['wait'] });
  });

  test('a NUL in a path, whatever it names there', async () => {
    const { token } = await service.active();
    const { paths }: { paths: Record<string, object> } = await (await raw('/openapi.json')).json();
    const operations = Object.entries(paths)
      .filter(([path]) => path.includes('{'))
      .flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => ({
          path: path.replaceAll(/\{[^}]*\}/g, '%00'),
          method: method.toUpperCase(),
        })),
      );
    expect(operations.length).toBeGreaterThan(25);
    for (const { path, method } of operations) {
      const key = path.startsWith('/v1/staff/') ? service.staffKey : service.apiKey;
      const body = method === 'GET' ? '' : '{}';
      const url = `${ORIGIN}${decodeURI(path)}`;
      const proof = await token.proof({ method, url, body, timeMs: service.clock.now() });
      const headers = { ...JSON_TYPE, Authorization: `Bearer ${key}`, DPoP: proof };
      const response = await raw(path, { method, headers, ...(body && { body }) });
      expect([400, 404], `${method} ${path}`).toContain(response.status);
    }
  });

  test('names the fields that were wrong and not what was in them', async () => {
    const text = await (await post('{"activationPassword":"secret!"}')).text();
    expect(JSON.parse(text).fields).toEqual(['activationPassword']);
    expect(text).not.toContain('secret!');
  });
});

test.each(['{', '{}'])(
  'a row of ours that says %s is a fault of the service, and is logged',
  async (details) => {
    const customer = await service.active();
    const { id } = await confirmations(service).ask(customer);
    await service.db.updateTable('confirmations').set({ details }).where('id', '=', id).execute();
    const response = await raw(`/v1/tokens/${customer.userId}/confirmations/${id}`);
    const { code, instance } = (await response.json()) as { code: string; instance: string };
    expect([response.status, code]).toEqual([500, 'internal']);
    const logged = service.log.filter((line) => line.includes(instance.replace('urn:uuid:', '')));
    expect(logged.join()).toContain('confirmation.ts');
  },
);

test("an institution cannot see another's token", async () => {
  const other = 'o'.repeat(43);
  const { sha256 } = await import('../../../host/compare.ts');
  const { insertApiKey } = await import('../../../server/store/access.ts');
  await insertApiKey(service.db, sha256(other), { institution: 'elsewhere', kind: 'bank' }, new Date());
  const { userId } = await service.issue();
  const response = await raw(`/v1/tokens/${userId}`, { headers: { Authorization: `Bearer ${other}` } });
  expect([401, 404]).toContain(response.status);
});

describe('the companion’s reminder', () => {
  const remember = (body: BodyInit) =>
    raw(COMPANION_REMINDER_PATH, { method: 'PUT', body, headers: JSON_TYPE });

  test('is a cookie that the page can read, for its own site alone, and longer than what scripts keep', async () => {
    const response = await remember(JSON.stringify({ institutions: ['senpoku', 'akita'] }));
    expect(response.status).toBe(204);
    const cookie = response.headers.get('Set-Cookie') ?? '';
    expect(cookie).toMatch(/^warifu-institutions=senpoku\.akita; /);
    for (const part of ['Max-Age=34560000', 'Path=/', 'Secure', 'SameSite=Strict']) {
      expect(cookie).toContain(part);
    }
    expect(cookie).not.toContain('HttpOnly');
    expect(institutionsIn('senpoku.akita')).toEqual(['senpoku', 'akita']);
  });

  test('is forgotten with the last token', async () => {
    const response = await remember('{"institutions":[]}');
    expect(response.headers.get('Set-Cookie')).toContain('Max-Age=0');
  });

  test.each([
    '',
    '{}',
    '{"institutions":["A b"]}',
    '{"institutions":["a;b"]}',
    '{"institutions":["senpoku"],"x":1}',
  ])('%s sets nothing', async (body) => {
    const response = await remember(body);
    expect(response.status).toBe(400);
    expect(response.headers.get('Set-Cookie')).toBeNull();
  });

  test.each(['', '<b>', 'a b', 'senpoku.%00', Array.from({ length: 21 }, () => 'senpoku').join('.')])(
    'changed by hand into 「%s」 it says nothing',
    (value) => expect(institutionsIn(value)).toEqual([]),
  );
});

test('A17: every answer carries the security headers, API answers are not stored', async () => {
  for (const path of ['/v1/tokens/123456789012', '/healthz', '/openapi.json', '/nothing']) {
    const { headers } = await raw(path);
    expect(headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
  }
  expect((await raw('/v1/tokens/123456789012')).headers.get('Cache-Control')).toBe('no-store');
});

test('the OpenAPI description covers every path and names no secret default', async () => {
  const description = (await (await raw('/openapi.json')).json()) as { paths: Record<string, unknown> };
  expect(Object.keys(description.paths).sort()).toEqual([
    '/v1/enrolments',
    '/v1/events',
    '/v1/keys',
    '/v1/outcomes',
    '/v1/pairing',
    '/v1/pairing/nonce',
    '/v1/pairings',
    '/v1/push-key',
    '/v1/serial-enrolments',
    '/v1/serials/{serial}/bind',
    '/v1/staff/audit',
    '/v1/staff/counts',
    '/v1/staff/imports/{digest}',
    '/v1/staff/imports/{digest}/existing',
    '/v1/staff/imports/{digest}/rows/{from}',
    '/v1/staff/refused-fills',
    '/v1/staff/serials/{serial}',
    '/v1/staff/serials/{serial}/void',
    '/v1/staff/tokens/{userId}',
    '/v1/staff/tokens/{userId}/audit',
    '/v1/staff/tokens/{userId}/devices/{device}/remove',
    '/v1/staff/tokens/{userId}/release',
    '/v1/staff/tokens/{userId}/replace',
    '/v1/staff/tokens/{userId}/resume',
    '/v1/staff/tokens/{userId}/suspend',
    '/v1/staff/tokens/{userId}/unlock',
    '/v1/staff/tokens/{userId}/void',
    '/v1/time',
    '/v1/token',
    '/v1/token/approvals',
    '/v1/token/approvals/{id}',
    '/v1/token/approvals/{id}/decision',
    '/v1/token/challenges',
    '/v1/token/challenges/{id}/not-me',
    '/v1/token/challenges/{id}/signature',
    '/v1/token/confirmations',
    '/v1/token/confirmations/{id}/decision',
    '/v1/token/devices',
    '/v1/token/devices/{id}',
    '/v1/token/pairings',
    '/v1/token/pairings/{id}',
    '/v1/token/pairings/{id}/decision',
    '/v1/token/pairings/{id}/nonce',
    '/v1/token/push',
    '/v1/token/refused-fills',
    '/v1/token/suspend',
    '/v1/tokens',
    '/v1/tokens/{userId}',
    '/v1/tokens/{userId}/activate',
    '/v1/tokens/{userId}/challenges',
    '/v1/tokens/{userId}/challenges/{id}',
    '/v1/tokens/{userId}/challenges/{id}/cancel',
    '/v1/tokens/{userId}/challenges/{id}/use',
    '/v1/tokens/{userId}/confirmations',
    '/v1/tokens/{userId}/confirmations/{id}',
    '/v1/tokens/{userId}/confirmations/{id}/cancel',
    '/v1/tokens/{userId}/confirmations/{id}/verify',
    '/v1/tokens/{userId}/exchange',
    '/v1/tokens/{userId}/release',
    '/v1/tokens/{userId}/renew',
    '/v1/tokens/{userId}/replacement',
    '/v1/tokens/{userId}/resync',
    '/v1/tokens/{userId}/suspend',
    '/v1/tokens/{userId}/verify',
    '/v1/tokens/{userId}/void',
  ]);
});

test('A7: no request has a place for a time', async () => {
  const { userId } = await service.issue();
  const verify = (more: Record<string, number>) => {
    const body = JSON.stringify({ code: '12345678', ...more });
    return raw(`/v1/tokens/${userId}/verify`, { method: 'POST', body, headers: JSON_TYPE });
  };
  expect(await (await verify({})).json()).not.toMatchObject({ code: 'invalid_request' });
  for (const time of ['time', 'at', 'now', 'timestamp', 'step', 'offset', 'counter']) {
    expect(await (await verify({ [time]: Date.now() })).json()).toMatchObject({ code: 'invalid_request' });
  }
});

test('the test clock cannot be moved unless the process was started for it', async () => {
  const response = await raw('/unsafe-test/clock', {
    method: 'PUT',
    body: '{"offsetMs":1}',
    headers: JSON_TYPE,
  });
  expect(response.status).toBe(404);
});

test('with the database gone: alive, not ready, 503, nothing half-done; back when it is back', async () => {
  const server = await startPostgres();
  const remote = await openPostgres(server.url);
  const onPostgres = await createTestService(remote);
  const customer = await onPostgres.active();
  await server.crash();
  const code = await customer.code();
  const write = { key: onPostgres.apiKey, body: { code } };
  const down = await postTo(onPostgres.app, `/v1/tokens/${customer.userId}/verify`, write);
  expect(down.status).toBe(503);
  expect(down.headers.get('Retry-After')).not.toBeNull();
  expect(await down.json()).toMatchObject({ code: 'unavailable' });
  expect((await onPostgres.app.request(`${ORIGIN}/healthz`)).status).toBe(200);
  expect((await onPostgres.app.request(`${ORIGIN}/readyz`)).status).toBe(503);
  await server.restart();
  expect((await onPostgres.present('verify', customer, code)).accepted).toBe(true);
  await remote.close();
  await server.stop();
}, 60_000);

test('A17: the companion runs no script, style or worker but its own, and a newer one is found at once', async () => {
  mkdirSync(join(service.companionFolder, 'assets'));
  for (const file of ['index.html', 'worker.js', 'assets/index-1a2b.js']) {
    writeFileSync(join(service.companionFolder, file), '');
  }
  for (const path of ['/', '/worker.js']) {
    const { status, headers } = await raw(path);
    expect(status).toBe(200);
    expect(headers.get('Cache-Control')).toBe('no-cache');
    const policy = headers.get('Content-Security-Policy');
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "worker-src 'self'",
      "manifest-src 'self'",
    ]) {
      expect(policy).toContain(rule);
    }
  }
  const asset = await raw('/assets/index-1a2b.js');
  expect(asset.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
  expect((await raw('/assets/none.js')).headers.get('Cache-Control')).toBeNull();
});
