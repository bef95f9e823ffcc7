import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importJWK, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ZodType, z } from 'zod';
import * as approvalApi from '../../../core/api/approval.ts';
import * as auditApi from '../../../core/api/audit.ts';
import * as bankApi from '../../../core/api/bank.ts';
import * as challengeApi from '../../../core/api/challenge.ts';
import * as confirmationApi from '../../../core/api/confirmation.ts';
import * as factorApi from '../../../core/api/factor.ts';
import * as importsApi from '../../../core/api/imports.ts';
import * as pairingApi from '../../../core/api/pairing.ts';
import * as problemApi from '../../../core/api/problem.ts';
import * as pushApi from '../../../core/api/push.ts';
import * as refusedFillsApi from '../../../core/api/refused-fills.ts';
import * as staffApi from '../../../core/api/staff.ts';
import * as tokenApi from '../../../core/api/token.ts';
import { TRANSACTIONS } from '../../../core/transaction/types.ts';
import { EXAMPLES } from '../../../server/examples.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { challenges } from '../../service/test-challenge.ts';
import { confirmations } from '../../service/test-confirmation.ts';
import { createTestService, ORIGIN, type TestService } from '../../service/test-service.ts';

/** `GET /openapi.json`, and its examples sent. */

let database: OpenDatabase;
let service: TestService;
let description: Description;

interface Description {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: {
    readonly schemas: Record<string, { example?: unknown; examples?: unknown[] }>;
    readonly securitySchemes: Record<string, Record<string, string>>;
  };
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly schema: Text }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Record<string, { readonly content?: Content; readonly headers?: object }>;
}

type Content = Record<string, { readonly schema?: { readonly $ref?: string } }>;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database);
  description = (await (await service.app.request(`${ORIGIN}/openapi.json`)).json()) as Description;
});
afterAll(() => database.close());

const operations = () =>
  Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );

const named = (content: Content = {}) =>
  Object.entries(content)
    .filter(([type]) => type !== 'text/event-stream')
    .map(([, { schema }]) => schema?.$ref ?? 'nameless');

/** Every schema of the API that has a name. */
const SCHEMAS = Object.values({
  ...approvalApi,
  ...auditApi,
  ...bankApi,
  ...challengeApi,
  ...confirmationApi,
  ...factorApi,
  ...importsApi,
  ...pairingApi,
  ...problemApi,
  ...pushApi,
  ...refusedFillsApi,
  ...staffApi,
  ...tokenApi,
}).flatMap((exported) => {
  const id = exported instanceof ZodType ? z.globalRegistry.get(exported)?.id : undefined;
  return exported instanceof ZodType && id !== undefined ? [{ id, schema: exported }] : [];
});

test('the description is made once, however often it is asked for', async () => {
  const made = vi.spyOn(service.app, 'getOpenAPI31Document');
  const again = await service.app.request(`${ORIGIN}/openapi.json`);
  expect(again.headers.get('Content-Type')).toBe('application/json');
  expect(await again.json()).toEqual(description);
  expect(made).not.toHaveBeenCalled();
});

test('every body and every answer is a schema with a name', () => {
  const bodies = operations().flatMap(({ operation: { requestBody, responses } }) => [
    ...named(requestBody?.content),
    ...Object.values(responses).flatMap(({ content }) => named(content)),
  ]);
  expect(bodies.length).toBeGreaterThan(50);
  for (const ref of bodies) expect(ref).toMatch(/^#\/components\/schemas\/[A-Z][A-Za-z]+$/);
});

test('every schema of the API is described, with an example that has its form', () => {
  expect(SCHEMAS.map(({ id }) => id).sort()).toEqual(Object.keys(description.components.schemas).sort());
  for (const { id, schema } of SCHEMAS) {
    const { example } = description.components.schemas[id] ?? {};
    expect(example, id).toEqual(JSON.parse(JSON.stringify(EXAMPLES[id])));
    expect(schema.parse(example), id).toEqual(example);
  }
});

test('a transaction has an example of each type', () => {
  const { examples = [] } = description.components.schemas.Transaction ?? {};
  const read = examples.map((one) => confirmationApi.transactionSchema.parse(one).type);
  expect(read).toEqual(Object.keys(TRANSACTIONS));
});

/** Every schema of a text that is somewhere in the description, by its place. */
const texts = (of: unknown = description, place = ''): (readonly [string, Text])[] => {
  if (typeof of !== 'object' || of === null) return [];
  const own = 'type' in of && of.type === 'string' ? [[place, of as Text] as const] : [];
  return [...own, ...Object.entries(of).flatMap(([name, part]) => texts(part, `${place}/${name}`))];
};

interface Text {
  readonly pattern?: string;
  readonly format?: string;
}

test('every pattern is a regular expression as JSON Schema has it, without slashes and flags', () => {
  const patterns = texts().flatMap(([place, { pattern }]) =>
    pattern === undefined ? [] : [{ place, pattern }],
  );
  expect(patterns.length).toBeGreaterThan(50);
  for (const { place, pattern } of patterns) {
    expect(() => new RegExp(pattern, 'u'), place).not.toThrow();
    expect(pattern, place).not.toMatch(/\/[a-z]*$/);
  }
});

test('every time that a request may say is told to be one', () => {
  const parameters = operations().flatMap(({ path, operation: { parameters: all = [] } }) =>
    all.filter(({ name }) => name === 'from' || name === 'to').map(({ schema }) => ({ path, ...schema })),
  );
  const inBodies = texts().filter(([place]) =>
    /\/schemas\/(ImportRow|RefusedFillsRequest)\/.*\/(expiresAt|since)$/.test(place),
  );
  const times = [
    ...parameters.filter(({ path }) => !path.includes('{from}')),
    ...inBodies.map(([, text]) => text),
  ];
  expect(times.map(({ format }) => format)).toEqual(Array.from({ length: 9 }, () => 'date-time'));
});

test('says how banks and tokens prove who they are, and when to try again', () => {
  expect(description.components.securitySchemes).toMatchObject({
    bankKey: { type: 'http', scheme: 'bearer' },
    staffKey: { type: 'http', scheme: 'bearer' },
    proof: { type: 'apiKey', in: 'header', name: 'DPoP', description: expect.stringContaining('RFC 9449') },
  });
  for (const { path, operation } of operations()) {
    for (const status of ['429', '503']) {
      const answer = operation.responses[status];
      if (answer) expect(answer.headers, `${path} ${status}`).toHaveProperty('Retry-After');
    }
  }
});

describe('an example sent', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/PROTOCOL.md'), 'utf8');
  const [, workedExample = ''] = /^```json worked-example\n([\s\S]*?)^```$/m.exec(page) ?? [];
  const { signingKey } = (JSON.parse(workedExample) as { token: { signingKey: JWK } }).token;

  const bodyOf = (path: string, method?: string) => {
    const { [method ?? 'post']: operation = description.paths[path]?.put } = description.paths[path] ?? {};
    const content = operation?.requestBody?.content ?? {};
    const [ref = ''] = named(content);
    return description.components.schemas[ref.replace('#/components/schemas/', '')]?.example as object;
  };
  /** With a proof by the key of the worked example. */
  const proven = async (path: string, body: string, method = 'POST') => {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body));
    const { d: _private, ...jwk } = signingKey;
    return new SignJWT({
      jti: crypto.randomUUID(),
      htm: method,
      htu: `${ORIGIN}${path}`,
      iat: Math.floor(service.clock.now() / 1000),
      bh: Buffer.from(digest).toString('base64url'),
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
      .sign(await importJWK(signingKey, 'ES256'));
  };
  const post = async (path: string, body: object, headers: Record<string, string> = {}, method = 'POST') =>
    service.app.request(`${ORIGIN}${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  test('by a bank does what it says', async () => {
    const customer = await service.active();
    const { ask, decide } = confirmations(service);
    const send = async (path: string, id = '') => {
      const to = path
        .replace('{userId}', customer.userId)
        .replace('{id}', id)
        .replace('{serial}', '7K3M9QX4TZ');
      return (await service.bank('POST', to, bodyOf(path))).status;
    };
    expect(await send('/v1/tokens')).toBe(201);
    expect(await send('/v1/tokens/{userId}/verify')).toBe(200);
    expect(await send('/v1/tokens/{userId}/release')).toBe(200);
    expect(await send('/v1/tokens/{userId}/activate')).toBe(409);
    expect(await send('/v1/tokens/{userId}/renew')).toBe(409);
    expect(await send('/v1/tokens/{userId}/resync')).toBe(409);
    expect(await send('/v1/tokens/{userId}/exchange')).toBe(200);
    expect(await send('/v1/serials/{serial}/bind')).toBe(200);
    expect(await send('/v1/tokens/{userId}/replacement')).toBe(201);
    expect(await send('/v1/tokens/{userId}/challenges')).toBe(201);
    const challenge = await challenges(service).ask(customer);
    expect(await send('/v1/tokens/{userId}/challenges/{id}/use', challenge.id)).toBe(200);
    expect(await send('/v1/tokens/{userId}/challenges/{id}/cancel', challenge.id)).toBe(200);
    expect(await send('/v1/tokens/{userId}/confirmations')).toBe(201);
    const asked = await ask(customer);
    await decide(customer, asked, 'confirmed');
    expect(await send('/v1/tokens/{userId}/confirmations/{id}/verify', asked.id)).toBe(200);
    expect(await send('/v1/tokens/{userId}/confirmations/{id}/cancel', (await ask(customer)).id)).toBe(200);
  });

  test('by staff does what it says', async () => {
    const send = async (act: string, { userId }: { userId: string }, described = act) => {
      const path = `/v1/staff/tokens/${userId}/${act}`;
      const body = bodyOf(`/v1/staff/tokens/{userId}/${described}`);
      return (await service.staff('POST', path, body)).status;
    };
    const customer = await service.active();
    expect(await send(`devices/${'A'.repeat(22)}/remove`, customer, 'devices/{device}/remove')).toBe(409);
    expect(await send('unlock', customer)).toBe(409);
    expect(await send('suspend', customer)).toBe(200);
    expect(await send('resume', customer)).toBe(200);
    expect(await send('replace', customer)).toBe(201);
    expect(await send('release', await service.active())).toBe(200);
    expect(await send('void', await service.issue())).toBe(200);
    const put = async (path: string) => {
      const to = path.replace('{digest}', 'a'.repeat(64)).replace('{from}', '0');
      return (await service.staff('PUT', to, bodyOf(path, 'put'))).status;
    };
    expect(await put('/v1/staff/imports/{digest}')).toBe(200);
    expect(await put('/v1/staff/imports/{digest}/rows/{from}')).toBe(200);
    const { rows } = bodyOf('/v1/staff/imports/{digest}/rows/{from}', 'put') as {
      rows: { serial: string }[];
    };
    const voided = `/v1/staff/serials/${rows[0]?.serial}/void`;
    expect((await service.staff('POST', voided, bodyOf('/v1/staff/serials/{serial}/void'))).status).toBe(200);
  });

  test('by a token is understood, though nobody has such a token', async () => {
    const enrolment = JSON.stringify(bodyOf('/v1/enrolments'));
    const enrolled = await post('/v1/enrolments', JSON.parse(enrolment), {
      DPoP: await proven('/v1/enrolments', enrolment),
    });
    expect(await enrolled.json()).toMatchObject({ code: 'enrolment_refused' });
    const making = JSON.stringify(bodyOf('/v1/serial-enrolments'));
    const made = await post('/v1/serial-enrolments', JSON.parse(making), {
      DPoP: await proven('/v1/serial-enrolments', making),
    });
    expect(await made.json()).toMatchObject({ code: 'enrolment_refused' });
    const decision = bodyOf('/v1/token/confirmations/{id}/decision');
    const path = `/v1/token/confirmations/${'A'.repeat(22)}/decision`;
    const decided = await post(path, decision, { DPoP: await proven(path, JSON.stringify(decision)) });
    expect(await decided.json()).toMatchObject({ code: 'token_unknown' });
    const sent = async (path: string, method: 'POST' | 'PUT' = 'POST') => {
      const body = bodyOf(path, method.toLowerCase());
      const to = path.replace('{id}', 'A'.repeat(22));
      const answer = await post(to, body, { DPoP: await proven(to, JSON.stringify(body), method) }, method);
      return { status: answer.status, ...((await answer.json()) as { code?: string }) };
    };
    expect(await sent('/v1/pairing/nonce', 'PUT')).toMatchObject({ code: 'pairing_unknown' });
    expect(await sent('/v1/pairings')).toMatchObject({ status: 201 });
    expect(await sent('/v1/token/pairings')).toMatchObject({ code: 'token_unknown' });
    expect(await sent('/v1/token/pairings/{id}/nonce', 'PUT')).toMatchObject({ code: 'token_unknown' });
    expect(await sent('/v1/token/pairings/{id}/decision')).toMatchObject({ code: 'token_unknown' });
    expect(await sent('/v1/token/approvals')).toMatchObject({ code: 'token_unknown' });
    expect(await sent('/v1/token/approvals/{id}/decision')).toMatchObject({ code: 'token_unknown' });
    expect(await sent('/v1/token/challenges/{id}/signature')).toMatchObject({ code: 'token_unknown' });
    expect(await sent('/v1/token/challenges/{id}/not-me')).toMatchObject({ code: 'token_unknown' });
    const refused = bodyOf('/v1/token/refused-fills');
    const reported = await post('/v1/token/refused-fills', refused, {
      DPoP: await proven('/v1/token/refused-fills', JSON.stringify(refused)),
    });
    expect(await reported.json()).toMatchObject({ code: 'token_unknown' });
    const subscription = bodyOf('/v1/token/push');
    const DPoP = await proven('/v1/token/push', JSON.stringify(subscription), 'PUT');
    const subscribed = await post('/v1/token/push', subscription, { DPoP }, 'PUT');
    expect(await subscribed.json()).toMatchObject({ code: 'token_unknown' });
    // A proof for another moment and another URL.
    const events = await post('/v1/events', bodyOf('/v1/events'));
    expect(await events.json()).toMatchObject({ code: 'proof_invalid' });
    expect((await post('/v1/time', bodyOf('/v1/time'))).status).toBe(200);
  });

  test('every body that can be sent was', () => {
    const withBody = operations().filter(({ operation }) => operation.requestBody !== undefined);
    expect(withBody.map(({ path }) => path).sort()).toEqual([
      '/v1/enrolments',
      '/v1/events',
      '/v1/pairing/nonce',
      '/v1/pairings',
      '/v1/serial-enrolments',
      '/v1/serials/{serial}/bind',
      '/v1/staff/imports/{digest}',
      '/v1/staff/imports/{digest}/rows/{from}',
      '/v1/staff/serials/{serial}/void',
      '/v1/staff/tokens/{userId}/devices/{device}/remove',
      '/v1/staff/tokens/{userId}/release',
      '/v1/staff/tokens/{userId}/replace',
      '/v1/staff/tokens/{userId}/resume',
      '/v1/staff/tokens/{userId}/suspend',
      '/v1/staff/tokens/{userId}/unlock',
      '/v1/staff/tokens/{userId}/void',
      '/v1/time',
      '/v1/token/approvals',
      '/v1/token/approvals/{id}/decision',
      '/v1/token/challenges/{id}/not-me',
      '/v1/token/challenges/{id}/signature',
      '/v1/token/confirmations/{id}/decision',
      '/v1/token/pairings',
      '/v1/token/pairings/{id}/decision',
      '/v1/token/pairings/{id}/nonce',
      '/v1/token/push',
      '/v1/token/refused-fills',
      '/v1/tokens',
      '/v1/tokens/{userId}/activate',
      '/v1/tokens/{userId}/challenges',
      '/v1/tokens/{userId}/challenges/{id}/cancel',
      '/v1/tokens/{userId}/challenges/{id}/use',
      '/v1/tokens/{userId}/confirmations',
      '/v1/tokens/{userId}/confirmations/{id}/cancel',
      '/v1/tokens/{userId}/confirmations/{id}/verify',
      '/v1/tokens/{userId}/exchange',
      '/v1/tokens/{userId}/release',
      '/v1/tokens/{userId}/renew',
      '/v1/tokens/{userId}/replacement',
      '/v1/tokens/{userId}/resync',
      '/v1/tokens/{userId}/verify',
    ]);
  });
});
