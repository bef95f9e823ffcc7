import { beforeAll, describe, expect, test } from 'vitest';
import { JWT_TYPES } from '../../../../core/api/token.ts';
import { textDigest } from '../../../../core/digest.ts';
import {
  decryptCode,
  encryptCode,
  readApprovalDecision,
  readApprovalRequest,
  readPairingDecision,
} from '../../../../core/pairing/messages.ts';
import { publicJwk, signByToken } from '../../../../platform/service/proof.ts';

const signingPair = () =>
  crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
const receivingPair = () =>
  crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);

const APPROVAL = 'AAECAwQFBgcICQoLDA0ODw';
const REQUEST = {
  approval: APPROVAL,
  tokenId: 'token',
  origin: 'https://bank.example',
  screen: 'BLI023',
  number: '42',
  iat: 1_800_000_000,
};

let desktop: CryptoKeyPair;
let phone: CryptoKeyPair;

beforeAll(async () => {
  desktop = await signingPair();
  phone = await signingPair();
});

describe("the desktop's question", () => {
  const ask = (claims: object = REQUEST, typ: string = JWT_TYPES.approvalRequest) =>
    signByToken(desktop, typ, { ...claims });

  test('is read by the key that was kept, as JWK or imported', async () => {
    const jws = await ask();
    expect(await readApprovalRequest(jws, await publicJwk(desktop.publicKey))).toEqual(REQUEST);
    expect(await readApprovalRequest(jws, desktop.publicKey)).toEqual(REQUEST);
  });

  test('is none by the key that came along', async () => {
    expect(await readApprovalRequest(await ask(), phone.publicKey)).toBeUndefined();
  });

  test('is none as another kind of message', async () => {
    expect(await readApprovalRequest(await ask(REQUEST, JWT_TYPES.proof), desktop.publicKey)).toBeUndefined();
  });

  test.each([
    ['an origin with a path', { origin: 'https://bank.example/login' }],
    ['an opaque origin', { origin: 'null' }],
    ['a number of three digits', { number: '100' }],
    ['a number that begins with zero', { number: '07' }],
    ['something more', { payee: 'x' }],
  ])('is none with %s', async (_what, wrong) => {
    expect(await readApprovalRequest(await ask({ ...REQUEST, ...wrong }), desktop.publicKey)).toBeUndefined();
  });
});

describe("the phone's decision", () => {
  const decide = async (request: string, claims: object = {}) =>
    signByToken(phone, JWT_TYPES.approvalDecision, {
      approval: APPROVAL,
      request: await textDigest(request),
      decision: 'refused',
      ...claims,
    });

  test('is read for the very question', async () => {
    const request = await signByToken(desktop, JWT_TYPES.approvalRequest, REQUEST);
    const decision = await readApprovalDecision(await decide(request), phone.publicKey, {
      approval: APPROVAL,
      request,
    });
    expect(decision?.decision).toBe('refused');
  });

  test('is none for another question with the same id', async () => {
    const [first, second] = await Promise.all([
      signByToken(desktop, JWT_TYPES.approvalRequest, REQUEST),
      signByToken(desktop, JWT_TYPES.approvalRequest, { ...REQUEST, origin: 'https://other.example' }),
    ]);
    const on = { approval: APPROVAL, request: second };
    expect(await readApprovalDecision(await decide(first), phone.publicKey, on)).toBeUndefined();
  });

  test('is none by the desktop itself', async () => {
    const request = await signByToken(desktop, JWT_TYPES.approvalRequest, REQUEST);
    const on = { approval: APPROVAL, request };
    expect(await readApprovalDecision(await decide(request), desktop.publicKey, on)).toBeUndefined();
  });

  test.each([
    ['approved without a code', { decision: 'approved' }],
    ['refused with a code', { decision: 'refused', code: 'x' }],
  ])('is none if it is %s', async (_what, claims) => {
    const request = await signByToken(desktop, JWT_TYPES.approvalRequest, REQUEST);
    const on = { approval: APPROVAL, request };
    expect(await readApprovalDecision(await decide(request, claims), phone.publicKey, on)).toBeUndefined();
  });
});

describe('a decision on a pairing', () => {
  const decision = {
    pairing: APPROVAL,
    decision: 'paired',
    device: 'A'.repeat(43),
    receivingKey: 'B'.repeat(43),
  };

  test('is read, and is no decision on an approval', async () => {
    const jws = await signByToken(phone, JWT_TYPES.pairingDecision, decision);
    expect(await readPairingDecision(jws, phone.publicKey)).toEqual(decision);
    const on = { approval: APPROVAL, request: jws };
    expect(await readApprovalDecision(jws, phone.publicKey, on)).toBeUndefined();
  });
});

describe('a code', () => {
  test('is read by the receiving key and no other', async () => {
    const [own, other] = await Promise.all([receivingPair(), receivingPair()]);
    const jwe = await encryptCode('01234567', await publicJwk(own.publicKey));
    expect(await decryptCode(jwe, own.privateKey)).toBe('01234567');
    expect(await decryptCode(jwe, other.privateKey)).toBeUndefined();
  });

  test('is nothing but digits', async () => {
    const own = await receivingPair();
    const jwe = await encryptCode('<script>', await publicJwk(own.publicKey));
    expect(await decryptCode(jwe, own.privateKey)).toBeUndefined();
  });
});
