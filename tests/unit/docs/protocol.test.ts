import {
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type JsonWebKey,
  verify,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenStatusSchema } from '../../../core/api/bank.ts';
import { confirmationStatusSchema, decisionSchema, detailsSchema } from '../../../core/api/confirmation.ts';
import { PAIRING_MINUTES } from '../../../core/api/pairing.ts';
import {
  enrolmentSchema,
  enrolRequestSchema,
  JWT_TYPES,
  PROOF_LIFETIME_S,
  proofSchema,
} from '../../../core/api/token.ts';
import { PROBLEMS } from '../../../core/errors.ts';
import { DEFAULT_POLICY, ORDERED, type Policy, policySchema } from '../../../core/institution/policy.ts';
import { KEY_BYTES, MINIMUM_KEY_BITS } from '../../../core/otp/key.ts';
import {
  CONFIRMATION_KEY_INFO,
  CONFIRMATION_SUITE,
  confirmationCode,
  confirmationKey,
} from '../../../core/transaction/code.ts';
import { canonicalText } from '../../../core/transaction/details.ts';
import { MOST_YEN, TRANSACTIONS } from '../../../core/transaction/types.ts';
import { RATES } from '../../../server/limits.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { createTestService, ORIGIN, type TestService } from '../../service/test-service.ts';

/** docs/PROTOCOL.md against the code, and its worked example against RFCs, by Node's own cryptography. */

const page = readFileSync(join(import.meta.dirname, '../../../docs/PROTOCOL.md'), 'utf8');
const [, source = ''] = /^```json worked-example\n([\s\S]*?)^```$/m.exec(page) ?? [];
const example: Example = JSON.parse(source);

interface Example {
  otp: {
    keyHex: string;
    algorithm: string;
    digits: number;
    period: number;
    codes: { at: string; step: number; code: string }[];
  };
  token: { signingKey: JsonWebKey; thumbprint: string; receivingKey: JsonWebKey };
  service: { publicKey: JsonWebKey; kid: string };
  request: { body: string; bodyHash: string };
  emptyBodyHash: string;
  proof: {
    at: string;
    header: object;
    claims: { bh: string; iat: number; htu: string };
    signingInput: string;
    jws: string;
  };
  confirmation: {
    keyInfo: string;
    keyHex: string;
    canonical: string;
    digestHex: string;
    suite: string;
    dataHex: string;
    macHex: string;
    offset: number;
    code: string;
    others: { canonical: string; digestHex: string; code: string }[];
    decision: { header: object; claims: object; jws: string };
  };
  enrolment: { header: object; claims: { secret: string; jkt: string; userId: string }; jws: string };
}

const base64url = (data: string | Buffer) => Buffer.from(data).toString('base64url');
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest();
const publicHalf = ({ d: _private, ...jwk }: JsonWebKey): JsonWebKey => jwk;

/** RFC 7638: the required members in lexicographic order. */
function thumbprint({ crv, kty, x, y }: JsonWebKey): string {
  return base64url(sha256(JSON.stringify({ crv, kty, x, y })));
}

/** RFC 6238 §4.2 with SHA-256, RFC 4226 §5.3. */
function totp(keyHex: string, step: number, digits: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha256', Buffer.from(keyHex, 'hex')).update(counter).digest();
  const at = digest.readUInt8(digest.length - 1) & 0x0f;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 10 ** digits).padStart(digits, '0');
}

/** A compact JWS taken apart; `good` says whether the key signed it with ES256. */
function readJws(jws: string, key: JsonWebKey) {
  const [header = '', payload = '', signature = ''] = jws.split('.');
  const text = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  const by = {
    key: createPublicKey({ key: publicHalf(key), format: 'jwk' }),
    dsaEncoding: 'ieee-p1363',
  } as const;
  const good = verify('sha256', Buffer.from(`${header}.${payload}`), by, Buffer.from(signature, 'base64url'));
  return { header: text(header), claims: text(payload), good };
}

/** Opens a compact JWE, ECDH-ES with A256GCM (RFC 7518 §4.6.2: one round of Concat KDF). */
function openJwe(jwe: string, receivingKey: JsonWebKey): Buffer {
  const [header = '', , iv = '', ciphertext = '', tag = ''] = jwe.split('.');
  const { alg, enc, epk } = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'));
  expect({ alg, enc }).toEqual({ alg: 'ECDH-ES', enc: 'A256GCM' });
  const z = diffieHellman({
    privateKey: createPrivateKey({ key: receivingKey, format: 'jwk' }),
    publicKey: createPublicKey({ key: epk, format: 'jwk' }),
  });
  const uint32 = (value: number) => Buffer.from([0, 0, value >> 8, value & 0xff]);
  const otherInfo = [uint32(enc.length), Buffer.from(enc), uint32(0), uint32(0), uint32(256)];
  const key = sha256(Buffer.concat([uint32(1), z, ...otherInfo]));
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'));
  decipher.setAAD(Buffer.from(header)).setAuthTag(Buffer.from(tag, 'base64url'));
  return Buffer.concat([decipher.update(Buffer.from(ciphertext, 'base64url')), decipher.final()]);
}

/** Rows of the page's tables, each cell trimmed. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

/** The text under a heading, up to the next one. */
function section(heading: string): string {
  return page.split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
}

let database: OpenDatabase;
let service: TestService;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database);
});
afterAll(() => database.close());

describe('the worked example', () => {
  const { otp, token, request, proof, enrolment } = example;

  test.each(otp.codes)('the code at $at is $code', ({ at, step, code }) => {
    expect(otp).toMatchObject({ algorithm: 'SHA-256', digits: 8, period: 60 });
    expect(step).toBe(Math.floor(Date.parse(at) / (otp.period * 1000)));
    expect(code).toBe(totp(otp.keyHex, step, otp.digits));
  });

  test('thumbprints', () => {
    expect(token.thumbprint).toBe(thumbprint(token.signingKey));
    expect(example.service.kid).toBe(thumbprint(example.service.publicKey));
  });

  test('hashes of a body and of none', () => {
    expect(request.bodyHash).toBe(base64url(sha256(request.body)));
    expect(example.emptyBodyHash).toBe(base64url(sha256('')));
    expect(page).toContain('of no bytes where there is no body');
  });

  test('the request carries both public keys and has the documented form', () => {
    const body = enrolRequestSchema.parse(JSON.parse(request.body));
    expect(body.signingKey).toEqual(publicHalf(token.signingKey));
    expect(body.receivingKey).toEqual(publicHalf(token.receivingKey));
  });

  test('the proof: signing input, signature, claims', () => {
    const { header, claims, signingInput, jws, at } = proof;
    expect(signingInput).toBe(`${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}`);
    expect(jws.startsWith(`${signingInput}.`)).toBe(true);
    expect(readJws(jws, token.signingKey)).toEqual({ header, claims, good: true });
    expect(header).toEqual({ alg: 'ES256', typ: JWT_TYPES.proof, jwk: publicHalf(token.signingKey) });
    expect(proofSchema.parse(claims)).toEqual(claims);
    expect(claims).toMatchObject({ bh: request.bodyHash, iat: Date.parse(at) / 1000 });
  });

  test('the answer: signature, claims, and the OTP key in it', () => {
    const { header, claims, jws } = enrolment;
    expect(readJws(jws, example.service.publicKey)).toEqual({ header, claims, good: true });
    expect(header).toEqual({ alg: 'ES256', typ: JWT_TYPES.enrolment, kid: example.service.kid });
    expect(enrolmentSchema.parse(claims)).toEqual(claims);
    expect(claims.jkt).toBe(token.thumbprint);
    expect(openJwe(claims.secret, token.receivingKey).toString('hex')).toBe(otp.keyHex);
  });

  test('the service takes the proof at its time, once; only the issue is unknown to it', async () => {
    service.clock.move(Date.parse(proof.at) - Date.now());
    const send = async () => {
      const response = await service.app.request(proof.claims.htu, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', DPoP: proof.jws },
        body: request.body,
      });
      return ((await response.json()) as { code: string }).code;
    };
    expect(await send()).toBe('enrolment_refused');
    expect(await send()).toBe('proof_invalid');
    service.clock.move(0);
  });
});

describe('a confirmation code by hand', () => {
  const { confirmation } = example;
  const hex = (text: string) => Buffer.from(text, 'hex');

  test('the key is HKDF of the login key', () => {
    const prk = createHmac('sha256', Buffer.alloc(32)).update(hex(example.otp.keyHex)).digest();
    const info = Buffer.concat([Buffer.from(confirmation.keyInfo), Buffer.from([1])]);
    expect(createHmac('sha256', prk).update(info).digest('hex')).toBe(confirmation.keyHex);
    expect(confirmation.keyInfo).toBe(CONFIRMATION_KEY_INFO);
  });

  test('the text is canonical and of details as the API has them', () => {
    const details = detailsSchema.parse(JSON.parse(confirmation.canonical));
    expect(canonicalText(details)).toBe(confirmation.canonical);
    expect(sha256(confirmation.canonical).toString('hex')).toBe(confirmation.digestHex);
  });

  test('the code follows from data, HMAC and truncation', async () => {
    const { suite, digestHex, dataHex, macHex, keyHex, offset, code } = confirmation;
    expect(suite).toBe(CONFIRMATION_SUITE);
    const data = Buffer.concat([Buffer.from(suite), Buffer.alloc(1), hex(digestHex), Buffer.alloc(96)]);
    expect(data.toString('hex')).toBe(dataHex);
    const mac = createHmac('sha256', hex(keyHex)).update(data).digest();
    expect(mac.toString('hex')).toBe(macHex);
    expect(mac.readUInt8(31) & 0x0f).toBe(offset);
    const number = (mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** 8;
    expect(String(number).padStart(8, '0')).toBe(code);
  });

  test('the product makes the same code', async () => {
    const bytes = new Uint8Array(hex(example.otp.keyHex));
    const login = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']);
    expect(await confirmationCode(await confirmationKey(login), confirmation.canonical)).toBe(
      confirmation.code,
    );
  });

  test('a transaction of each other type, in the same confirmation, gives another text and another code', async () => {
    const { canonical, code, keyHex, suite, others } = confirmation;
    const bytes = new Uint8Array(hex(example.otp.keyHex));
    const key = await confirmationKey(
      await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']),
    );
    const { transaction: _transfer, ...common } = JSON.parse(canonical);
    for (const other of others) {
      const { transaction, ...rest } = detailsSchema.parse(JSON.parse(other.canonical));
      expect(rest).toEqual(common);
      expect(canonicalText({ ...rest, transaction })).toBe(other.canonical);
      expect(sha256(other.canonical).toString('hex')).toBe(other.digestHex);
      const data = Buffer.concat([
        Buffer.from(suite),
        Buffer.alloc(1),
        hex(other.digestHex),
        Buffer.alloc(96),
      ]);
      const mac = createHmac('sha256', hex(keyHex)).update(data).digest();
      const number = (mac.readUInt32BE(mac.readUInt8(31) & 0x0f) & 0x7fffffff) % 10 ** 8;
      expect(String(number).padStart(8, '0')).toBe(other.code);
      expect(await confirmationCode(key, other.canonical)).toBe(other.code);
    }
    const types = [canonical, ...others.map((other) => other.canonical)].map(
      (text) => JSON.parse(text).transaction.type,
    );
    expect(types).toEqual(Object.keys(TRANSACTIONS));
    expect(new Set([code, ...others.map((other) => other.code)]).size).toBe(types.length);
  });

  test('the decision is signed by the token over the digest', () => {
    const { header, claims, jws } = confirmation.decision;
    expect(readJws(jws, example.token.signingKey)).toEqual({ header, claims, good: true });
    expect(decisionSchema.parse(claims).details).toBe(base64url(hex(confirmation.digestHex)));
  });
});

/** What the schema takes for a number of the policy: all between two bounds, of which the usual one is. */
function boundsOf(name: keyof Policy, usual: number): { least: number; most: number } {
  const isTaken = (value: number) => policySchema.shape[name].safeParse(value).success;
  const last = (taken: number, refused: number): number => {
    if (Math.abs(taken - refused) === 1) return taken;
    const middle = Math.trunc((taken + refused) / 2);
    return isTaken(middle) ? last(middle, refused) : last(taken, middle);
  };
  return { least: last(usual, -1), most: last(usual, 2 ** 31) };
}

describe('the tables', () => {
  test.each(Object.entries(PROBLEMS))('%s is listed with its status', (code, status) => {
    expect(rows.filter(([name, value]) => name === `\`${code}\`` && value === String(status))).toHaveLength(
      1,
    );
  });

  test.each(
    Object.entries({
      MOST_YEN,
      PROOF_LIFETIME_S,
      PAIRING_MINUTES,
      KEY_BYTES,
      MINIMUM_KEY_BITS,
    }),
  )('%s is %i', (name, value) => {
    expect(rows.find(([cell]) => cell === `\`${name}\``)?.[1]).toBe(String(value));
  });

  test.each(Object.entries(DEFAULT_POLICY))('policy: %s is %i, within its bounds', (name, usual) => {
    const { least, most } = boundsOf(name as keyof Policy, usual);
    expect(rows.find(([cell]) => cell === `\`${name}\``)?.slice(1, 3)).toEqual([
      String(usual),
      `${least} to ${most}`,
    ]);
  });

  test.each(ORDERED)('policy: %s %s %s', (lower, order, upper) => {
    expect(section('Policy')).toContain(`\`${lower}\` ${order} \`${upper}\``);
  });

  test('the limits are those of the code', () => {
    const listed = [...section('Limits').matchAll(/\| (\d+) \| ([\d.]+) ms \|/g)].map(([, atOnce, ms]) => ({
      atOnce: Number(atOnce),
      everyMs: Number(ms),
    }));
    expect(listed).toEqual(Object.values(RATES));
  });

  test.each(confirmationStatusSchema.options)('the confirmation status %s is explained', (status) => {
    expect(rows.some(([name, meaning]) => name === `\`${status}\`` && meaning !== '')).toBe(true);
  });

  test.each(tokenStatusSchema.options)('the status %s is explained', (status) => {
    expect(rows.some(([name, meaning]) => name === `\`${status}\`` && meaning !== '')).toBe(true);
  });

  test.each(Object.values(JWT_TYPES))('the kind of message %s is listed', (typ) => {
    expect(rows.some(([name]) => name === `\`${typ}\``)).toBe(true);
  });
});

test('every endpoint has its section, with every status the OpenAPI description gives it', async () => {
  const answer = await service.app.request(`${ORIGIN}/openapi.json`);
  const { paths } = (await answer.json()) as {
    paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
  };
  const endpoints = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]) => ({
      heading: `${method.toUpperCase()} ${path}`,
      statuses: Object.keys(responses),
    })),
  );
  expect(endpoints.length).toBeGreaterThan(0);
  for (const { heading, statuses } of endpoints) {
    const own = section(heading);
    expect(own, heading).not.toBe('');
    const shared = ['Code requests', 'Acts'].find((name) => own.includes(`*${name}*`));
    const text = shared === undefined ? own : section(shared);
    const listed = [...text.matchAll(/^\| ([0-9, ]+) \|/gm)].flatMap(([, cell = '']) => cell.split(', '));
    for (const status of statuses) expect(listed, heading).toContain(status);
  }
});
