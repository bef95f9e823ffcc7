import { CONFIRMATION_EVENT } from '../core/api/confirmation.ts';
import { canonicalText } from '../core/transaction/details.ts';
import type { TransactionOf, TransactionType } from '../core/transaction/types.ts';

/**
 * An example of every schema of the API, by the schema's name. They are those of docs/PROTOCOL.md with its public keys; signed
 * messages that the page does not show have a stand-in.
 */

/** One transaction of each type. */
export const TRANSACTION_EXAMPLES: { readonly [T in TransactionType]: TransactionOf<T> } = {
  transfer: {
    type: 'transfer',
    bank: { code: '9911', name: '見本銀行' },
    branch: { code: '001', name: '本店営業部' },
    accountType: 'ordinary',
    accountNumber: '1234567',
    payee: 'ミホン タロウ',
    amount: 150_000,
  },
  'limit-change': {
    type: 'limit-change',
    oldLimit: 200_000,
    newLimit: 1_000_000,
    from: '2026-11-24',
  },
  'email-change': {
    type: 'email-change',
    oldAddress: 'taro@example.jp',
    newAddress: 'taro.mihon@example.com',
    from: 'on-acceptance',
  },
  'new-device': {
    type: 'new-device',
    form: 'companion',
    device: 'Chrome (Android)',
    serial: '604817395',
    setUpAt: '2026-11-21T00:08:20.000Z',
  },
};

const transaction = TRANSACTION_EXAMPLES.transfer;

const token = {
  serviceId: '10112235',
  userId: '483920175566',
  status: 'active',
  kind: 'software',
  serial: '731905428',
  issuedAt: '2026-11-20T02:00:00.000Z',
  enrolBy: '2026-11-27T02:00:00.000Z',
  enrolledAt: '2026-11-21T00:00:30.000Z',
  activatedAt: '2026-11-21T00:05:10.000Z',
  expiresAt: '2031-11-30T00:00:00.000Z',
};

const device = { form: 'companion', name: 'Chrome (Android)' };

const IMPORT_DIGEST = '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03';

const importRow = {
  line: 60,
  serial: '2107000060',
  key: 'MTIzNDU2Nzg5MDEyMzQ1Njc4OTA',
  algorithm: 'SHA-1',
  digits: 6,
  period: 30,
  drift: 0,
};

const act = { actor: 'staff01', reason: '紛失のお届け', approval: 'P-20261122-0007' };

const auditEntry = {
  id: '90417',
  at: '2026-11-22T01:30:00.000Z',
  userId: token.userId,
  event: 'suspend',
  outcome: 'done',
  ...act,
};

const id = 'ICEiIyQlJicoKSorLC0uLw';
const jti = 'AAECAwQFBgcICQoLDA0ODw';

const confirmation = {
  id,
  status: 'confirmed',
  mode: 'approve',
  number: '47',
  transaction,
  requestedAt: '2026-11-21T00:10:00.000Z',
  expiresAt: '2026-11-21T00:15:00.000Z',
  decidedAt: '2026-11-21T00:10:40.000Z',
  useBy: '2026-11-21T00:15:40.000Z',
  origin: 'http://senpoku.localhost:4601',
  factors: ['token-key', 'pin'],
};

const details = {
  transaction,
  confirmation: id,
  institution: 'senpoku',
  token: 'EBESExQVFhcYGRobHB0eHw',
  number: '47',
  requestedAt: '2026-11-21T00:10:00.000Z',
  expiresAt: '2026-11-21T00:15:00.000Z',
};

const signingKey = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
};
const receivingKey = {
  kty: 'EC',
  crv: 'P-256',
  x: 'weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ',
  y: 'e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck',
};
const serviceKey = {
  kty: 'EC',
  crv: 'P-256',
  x: 'gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0',
  y: 'SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps',
};

const proof =
  'eyJhbGciOiJFUzI1NiIsInR5cCI6ImRwb3Arand0IiwiandrIjp7Imt0eSI6IkVDIiwiY3J2IjoiUC0yNTYiLCJ4IjoiZjgzT0ozRDJ4RjFCZzh2dWI5dExlMWdITXpWNzZlOFR1czl1UEh2UlZFVSIsInkiOiJ4X0ZFelJ1OW0zNkhMTl90dWU2NTlMTnBYVzZwQ3lTdGlrWWpLSVdJNWEwIn19.eyJqdGkiOiJBQUVDQXdRRkJnY0lDUW9MREEwT0R3IiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHA6Ly90b2tlbi5sb2NhbGhvc3Q6NDYwMC92MS9lbnJvbG1lbnRzIiwiaWF0IjoxNzk1MjE5MjMwLCJiaCI6IjdtNV9RU192dHNkRF9reFIyUHN5QVlKZnBnLUZnaGxtemh5WEs3SkhLT0UifQ.XaksrkIQteVGd7esmepqDZyJ_f8lL1JOMAyAIK2RLcEpTpjASl33OXPEa1ChCAtxqIgXmkyUprtbR2peuvGiSw';
const decision =
  'eyJhbGciOiJFUzI1NiIsInR5cCI6IndhcmlmdS1kZWNpc2lvbitqd3QiLCJqd2siOnsia3R5IjoiRUMiLCJjcnYiOiJQLTI1NiIsIngiOiJmODNPSjNEMnhGMUJnOHZ1Yjl0TGUxZ0hNelY3NmU4VHVzOXVQSHZSVkVVIiwieSI6InhfRkV6UnU5bTM2SExOX3R1ZTY1OUxOcFhXNnBDeVN0aWtZaktJV0k1YTAifX0.eyJjb25maXJtYXRpb24iOiJJQ0VpSXlRbEppY29LU29yTEMwdUx3IiwiZGVjaXNpb24iOiJjb25maXJtZWQiLCJkZXRhaWxzIjoiQ3pXTkd0ODJOd1IwX3VKbGxJdjE4OWZNSEhUN2RHRTV2YV9sVDZncmhNVSJ9.8vTpq2pH6jPoRnC9pl_IblXYGGKPKUJeSjiUOMQFzbualoOtnh3A_VdmSsG0_2kAUCvIyp867uMLprHWwWIeUQ';
const enrolment =
  'eyJhbGciOiJFUzI1NiIsInR5cCI6IndhcmlmdS1lbnJvbG1lbnQrand0Iiwia2lkIjoiX0dLMHI2R0NvSnQ5emNzc2c5bGF5NG9iSXhnQ3EwNW50aVJ5bVJIQURTVSJ9.eyJ0b2tlbklkIjoiRUJFU0V4UVZGaGNZR1JvYkhCMGVIdyIsInNlcnZpY2VJZCI6IjEwMTEyMjM1IiwidXNlcklkIjoiNDgzOTIwMTc1NTY2Iiwic2VyaWFsIjoiNzMxOTA1NDI4Iiwiamt0Ijoib0tJeXd2R1VwVFZUeXhNUTNid0lJZVFVdWRmcl9Da0xNakNFMTlFQ0QtVSIsImFsZ29yaXRobSI6IlNIQS0yNTYiLCJkaWdpdHMiOjgsInBlcmlvZCI6NjAsImVucm9sbGVkQXQiOiIyMDI2LTExLTIxVDAwOjAwOjMwLjAwMFoiLCJleHBpcmVzQXQiOiIyMDMxLTExLTMwVDAwOjAwOjAwLjAwMFoiLCJzZWNyZXQiOiJleUpoYkdjaU9pSkZRMFJJTFVWVElpd2laVzVqSWpvaVFUSTFOa2REVFNJc0ltVndheUk2ZXlKNElqb2lielZ5TW5SUlVWOW1NRlpKVGtFd2JqYzRTbmxIZEdsSFZFNTNUelJSZDIwdFRWWm9WMFExTm1FdFFTSXNJbU55ZGlJNklsQXRNalUySWl3aWEzUjVJam9pUlVNaUxDSjVJam9pY25VeVFsVkRRMjFRUW1sNU1sb3RkMEpJWTNOa09ETjNSVXRoYjJ4TmRqUm1kVzV2YkZaamVXeDZieUo5ZlEuLlpuZUlOWGN4V3QtdFpnWVMubE1WV3lqRzhpdFk1OW9FX2h0UWNTWUJySEFndm1hMHNHMzBtZXNBQV9Fay54U2tSWklqZ0dhcHBzZEZzQjFvZXVBIn0.HaZadTABTWYP_uiAI3rMcO6QvsxBqEUGGDcMwMsPQkbN_s-fSw3kaGArhwR5nFNTQiR83mBaZyCNayYp0XKYhQ';
const waitingChallenges =
  'eyJhbGciOiJFUzI1NiIsInR5cCI6IndhcmlmdS1jaGFsbGVuZ2VzK2p3dCIsImtpZCI6Il9HSzByNkdDb0p0OXpjc3NnOWxheTRvYkl4Z0NxMDVudGlSeW1SSEFEU1UifQ.eyJ0b2tlbklkIjoiRUJFU0V4UVZGaGNZR1JvYkhCMGVIdyIsInByb29mIjoiUUVGQ1EwUkZSa2RJU1VwTFRFMU9UdyIsIm5vdyI6MTc5NTIxOTU0MDAwMCwiY2hhbGxlbmdlcyI6W3siaWQiOiJNREV5TXpRMU5qYzRPVG83UEQwLVB3IiwidXNlIjoidmVyaWZ5IiwibnVtYmVyIjoiNTgiLCJleHBpcmVzQXQiOiIyMDI2LTExLTIxVDAwOjA3OjMwLjAwMFoifV19.IrK_mz7ICHhBo4DZxvtp8kc55QpLgYaaDw1k5TUJxdjn7Sh0hQfN3_AjnICx0YTaR9SRgGWYvOnY8G-gxOowUA';
const loginSignature =
  'eyJhbGciOiJFUzI1NiIsInR5cCI6IndhcmlmdS1sb2dpbitqd3QiLCJqd2siOnsia3R5IjoiRUMiLCJjcnYiOiJQLTI1NiIsIngiOiJmODNPSjNEMnhGMUJnOHZ1Yjl0TGUxZ0hNelY3NmU4VHVzOXVQSHZSVkVVIiwieSI6InhfRkV6UnU5bTM2SExOX3R1ZTY1OUxOcFhXNnBDeVN0aWtZaktJV0k1YTAifX0.eyJjaGFsbGVuZ2UiOiJNREV5TXpRMU5qYzRPVG83UEQwLVB3IiwiaW5zdGl0dXRpb24iOiJzZW5wb2t1IiwidG9rZW5JZCI6IkVCRVNFeFFWRmhjWUdSb2JIQjBlSHciLCJ1c2UiOiJ2ZXJpZnkiLCJvcmlnaW4iOiJodHRwOi8vc2VucG9rdS5sb2NhbGhvc3Q6NDYwMSIsImRvY3VtZW50Ijoield3ZmZSM0djWDFqY2RKa2VSREtjYm83OExZUkNEMHlKR2E0aER0Q2hiWSIsImlhdCI6MTc5NTIxOTU2MCwiZmFjdG9ycyI6WyJ0b2tlbi1rZXkiLCJwaW4iXX0.AaAqf3ac4jube7lx22TePe4o43A5wuM58PqJPclEFFrS1qK0VZcJa9zghyzsxGHy3lQti61R9JQ33VbxGzaqNQ';
const answeredChallenge =
  'eyJhbGciOiJFUzI1NiIsInR5cCI6IndhcmlmdS1jaGFsbGVuZ2Urand0Iiwia2lkIjoiX0dLMHI2R0NvSnQ5emNzc2c5bGF5NG9iSXhnQ3EwNW50aVJ5bVJIQURTVSJ9.eyJjaGFsbGVuZ2UiOiJNREV5TXpRMU5qYzRPVG83UEQwLVB3IiwicHJvb2YiOiJVRkZTVTFSVlZsZFlXVnBiWEYxZVh3Iiwic3RhdHVzIjoic2lnbmVkIn0.PyVGXz-MBvOR2LewfhLFpRKI6z8qPwk0qKzAcILPpl4f8R4WBVVb6ZPQ8ycmBtt-VvA8Gmxg2G593qPSU3hgkg';
/** The code of the worked example, encrypted to its receiving key. */
const encryptedCode =
  'eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTI1NkdDTSIsImVwayI6eyJ4IjoidkVkOFgxQUgydkVtdDVGRWJyWFFSeVdkWlVaWFc1VkVWcUkxanNoLWswUSIsImNydiI6IlAtMjU2Iiwia3R5IjoiRUMiLCJ5IjoiUEt3WFBOM2NhZzJYdHVDT3pYRFR6NS0xcDFOV2pzN0ZPR0d1XzNKQW9xcyJ9fQ..wmmuOsuIw-S0XDxF.KQ4lDyzdWHQ.YQSgl6XWsgAYEHyRS1MAkQ';
/** A stand-in for a signed message. */
const signed = 'eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl';

const desktop = { form: 'extension', name: 'Chrome (Windows)' };
const nonce = 'AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE';
const commitment = 'Zmh6rfhivXdsj8GLjp-OIAiXFIVu4jOzkCpZHQ1fKSU';

const pairedDevice = {
  id,
  ...desktop,
  may: 'fill',
  addedAt: '2026-11-21T00:20:00.000Z',
  lastSeenAt: '2026-11-22T01:00:00.000Z',
};

const pairedToken = {
  tokenId: details.token,
  serviceId: token.serviceId,
  userId: token.userId,
  kind: 'software',
  serial: token.serial,
  algorithm: 'SHA-256',
  digits: 8,
  period: 60,
  enrolledAt: token.enrolledAt,
  expiresAt: token.expiresAt,
};

const pairing = {
  pairing: id,
  proof: jti,
  status: 'symbols',
  now: 1795219260000,
  expiresAt: '2026-11-21T00:05:30.000Z',
};

const challenge = {
  id: 'MDEyMzQ1Njc4OTo7PD0-Pw',
  use: 'verify',
  status: 'signed',
  number: '58',
  expiresAt: '2026-11-21T00:08:00.000Z',
  signed: {
    at: '2026-11-21T00:06:00.000Z',
    origin: 'http://senpoku.localhost:4601',
    factors: ['token-key', 'pin'],
  },
};

const thumbprint = 'oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U';

export const EXAMPLES: Readonly<Record<string, unknown>> = {
  TokenStatus: 'active',
  Token: token,
  Device: device,
  TakingOver: { by: '2026-11-22T00:05:30.000Z', device, confirmed: false },
  ReplacementRequest: { activationPassword: '24680135' },
  IssueRequest: { activationPassword: '24680135' },
  StaffActRequest: act,
  ReplaceRequest: { ...act, activationPassword: '24680135' },
  VoidedSerial: { serial: '2107000061' },
  StaffToken: {
    ...token,
    status: 'suspended',
    suspendedFrom: 'active',
    suspendedAt: '2026-11-22T01:30:00.000Z',
    suspendedBy: 'customer',
    devices: [pairedDevice],
  },
  ReplaceResponse: {
    replaced: { ...token, status: 'released', releasedAt: '2026-11-22T01:30:00.000Z' },
    issued: {
      serviceId: '10112235',
      userId: '620418835170',
      status: 'issued',
      kind: 'software',
      issuedAt: '2026-11-22T01:30:00.000Z',
      enrolBy: '2026-11-29T01:30:00.000Z',
    },
  },
  AuditEntry: auditEntry,
  AuditPage: { entries: [auditEntry], next: '1795311000000-90417' },
  Counts: {
    counts: [{ from: '2026-11-21T00:00:00.000Z', event: 'verify', outcome: 'done', count: 12 }],
  },
  TokenKind: 'hardware-hotp',
  BindRequest: { codes: ['035843', '609471'] },
  ExchangeRequest: { code: '35843426', serial: '7K3M9QX4TZ', codes: ['035843'] },
  OutcomeResponse: { accepted: true, token: { ...token, kind: 'serial', serial: '7K3M9QX4TZ' } },
  BindResponse: { accepted: true, token: { ...token, kind: 'serial', serial: '7K3M9QX4TZ' } },
  ResyncRequest: { codes: ['035843', '609471'] },
  PushKey: {
    key: 'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8',
  },
  PushSubscription: {
    endpoint: 'https://updates.push.services.mozilla.com/wpush/v2/gAAAAABp',
    keys: {
      p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
      auth: 'BTBZMqHH6r4Tts7J_aSIgg',
    },
  },
  PairingRequest: { signingKey, receivingKey, commitment, device: desktop },
  PairingResponse: { pairing: signed },
  PairingStatus: 'symbols',
  Pairing: {
    ...pairing,
    jkt: thumbprint,
    status: 'paired',
    phone: { serviceId: token.serviceId, signingKey: serviceKey, nonce, device },
    token: pairedToken,
  },
  PairedToken: pairedToken,
  ClaimPairingRequest: { code: '48271935' },
  ClaimedPairing: {
    ...pairing,
    tokenId: details.token,
    signingKey,
    receivingKey,
    commitment,
    device: desktop,
    nonce,
  },
  PairingNonce: { nonce },
  DecidePairingRequest: { decision: signed },
  PairingDecision: {
    pairing: id,
    decision: 'paired',
    device: thumbprint,
    receivingKey: 'GY7PMTfkaVWLYBh4uWCtSqH1JVyIPDxLh9rJ9h9v6_Q',
  },
  AskApprovalRequest: { request: signed },
  ApprovalRequest: {
    approval: id,
    tokenId: details.token,
    origin: 'http://senpoku.localhost:4601',
    screen: 'BLI023',
    number: '42',
    iat: 1795219260,
  },
  ApprovalResponse: { approval: signed },
  ApprovalStatus: 'approved',
  Approval: {
    approval: id,
    proof: jti,
    status: 'approved',
    now: 1795219270000,
    expiresAt: '2026-11-21T00:02:00.000Z',
    decision: signed,
  },
  ApprovalsResponse: { approvals: signed },
  Approvals: {
    tokenId: details.token,
    proof: jti,
    now: 1795219265000,
    approvals: [{ request: signed, jkt: thumbprint, expiresAt: '2026-11-21T00:02:00.000Z' }],
  },
  DecideApprovalRequest: { decision: signed },
  ApprovalDecision: {
    approval: id,
    request: 'CzWNGt82NwR0_uJllIv189fMHHT7dGE5va_lT6grhMU',
    decision: 'approved',
    code: encryptedCode,
  },
  Factor: 'token-key',
  ChallengeUse: 'verify',
  ChallengeStatus: 'signed',
  ChallengeRequest: { use: 'verify' },
  Challenge: challenge,
  UseChallengeRequest: {},
  UseChallengeResponse: { accepted: true, challenge: { ...challenge, status: 'spent' }, token },
  WaitingChallengesResponse: { challenges: waitingChallenges },
  WaitingChallenges: {
    tokenId: details.token,
    proof: jti,
    now: 1795219540000,
    challenges: [{ id: challenge.id, use: 'verify', number: '58', expiresAt: '2026-11-21T00:07:30.000Z' }],
  },
  SignChallengeRequest: { signature: loginSignature },
  LoginSignature: {
    challenge: challenge.id,
    institution: details.institution,
    tokenId: details.token,
    use: 'verify',
    origin: 'http://senpoku.localhost:4601',
    document: 'zWwffR3GcX1jcdJkeRDKcbo78LYRCD0yJGa4hDtChbY',
    iat: 1795219560,
    factors: ['token-key', 'pin'],
  },
  NotMyChallengeRequest: {},
  AnsweredChallengeResponse: { challenge: answeredChallenge },
  AnsweredChallenge: { challenge: challenge.id, proof: jti, status: 'signed' },
  TokenDevice: pairedDevice,
  DevicesResponse: { devices: signed },
  Devices: {
    tokenId: details.token,
    proof: jti,
    now: 1795219260000,
    devices: [{ ...pairedDevice, jkt: thumbprint }],
  },
  PushMessage: { institution: 'senpoku', waiting: 1, approvals: 0 },
  RefusedFillsRequest: { fills: [{ since: '2026-11-21T00:00:00.000Z', reason: 'covered', count: 2 }] },
  RefusedFillsResponse: { countedUntil: '2026-11-21T01:00:00.000Z' },
  RefusedFills: { counts: [{ from: '2026-11-21T00:00:00.000Z', reason: 'covered', count: 31 }] },
  CodeRequest: { code: '35843426' },
  CodeResponse: { accepted: true, token },
  Transaction: transaction,
  Details: details,
  ConfirmationMode: 'approve',
  ConfirmationStatus: 'confirmed',
  DecisionKind: 'confirmed',
  ConfirmRequest: { transaction },
  Confirmation: confirmation,
  VerifyConfirmationRequest: { transaction },
  VerifyConfirmationResponse: { accepted: true, confirmation: { ...confirmation, status: 'spent' } },
  CancelConfirmationRequest: {},
  LiveConfirmationsResponse: { confirmations: signed },
  LiveConfirmations: {
    tokenId: details.token,
    proof: jti,
    now: 1795219830000,
    status: 'active',
    expiresAt: '2031-11-30T00:00:00.000Z',
    confirmations: [{ details: canonicalText(details), mode: 'approve', status: 'waiting' }],
  },
  DecideRequest: { decision },
  Decision: {
    confirmation: 'ICEiIyQlJicoKSorLC0uLw',
    decision: 'confirmed',
    details: 'CzWNGt82NwR0_uJllIv189fMHHT7dGE5va_lT6grhMU',
    origin: 'http://senpoku.localhost:4601',
    factors: ['token-key', 'pin'],
  },
  DecideResponse: { decided: signed },
  Decided: { confirmation: id, proof: jti, status: 'confirmed', useBy: '2026-11-21T00:15:40.000Z' },
  EventsRequest: { proofs: [proof] },
  SecurityEvent: {
    iss: 'http://token.localhost:4600',
    aud: 'senpoku',
    jti: `${id}.confirmed`,
    iat: 1795219840,
    events: { [CONFIRMATION_EVENT]: { userId: token.userId, confirmation } },
  },
  PublicJwk: signingKey,
  JwkSet: {
    keys: [{ ...serviceKey, kid: '_GK0r6GCoJt9zcssg9lay4obIxgCq05ntiRymRHADSU', alg: 'ES256', use: 'sig' }],
  },
  EnrolRequest: {
    serviceId: '10112235',
    userId: '483920175566',
    activationPassword: '24680135',
    signingKey,
    receivingKey,
  },
  EnrolResponse: { enrolment },
  Enrolment: {
    tokenId: 'EBESExQVFhcYGRobHB0eHw',
    serviceId: '10112235',
    userId: '483920175566',
    serial: '731905428',
    jkt: 'oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U',
    algorithm: 'SHA-256',
    digits: 8,
    period: 60,
    enrolledAt: '2026-11-21T00:00:30.000Z',
    expiresAt: '2031-11-30T00:00:00.000Z',
    secret:
      'eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTI1NkdDTSIsImVwayI6eyJ4IjoibzVyMnRRUV9mMFZJTkEwbjc4SnlHdGlHVE53TzRRd20tTVZoV0Q1NmEtQSIsImNydiI6IlAtMjU2Iiwia3R5IjoiRUMiLCJ5IjoicnUyQlVDQ21QQml5Mlotd0JIY3NkODN3RUthb2xNdjRmdW5vbFZjeWx6byJ9fQ..ZneINXcxWt-tZgYS.lMVWyjG8itY59oE_htQcSYBrHAgvma0sG30mesAA_Ek.xSkRZIjgGappsdFsB1oeuA',
  },
  SerialEnrolRequest: { serviceId: '10112235', signingKey, receivingKey, device },
  SerialEnrolResponse: { enrolment: signed },
  SerialEnrolment: {
    tokenId: 'EBESExQVFhcYGRobHB0eHw',
    serviceId: '10112235',
    userId: '918273645506',
    serial: 'K7M3XQ9TWB',
    jkt: 'oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U',
    algorithm: 'SHA-1',
    digits: 6,
    period: 30,
    enrolledAt: '2026-11-21T00:00:30.000Z',
    expiresAt: '2031-11-30T00:00:00.000Z',
    secret: signed,
    bindBy: '2026-11-22T00:00:30.000Z',
  },
  TimeRequest: { nonce: jti },
  TimeResponse: { time: signed },
  Time: { nonce: jti, now: 1795219230000 },
  TokenStateResponse: { state: signed },
  TokenState: {
    tokenId: details.token,
    proof: jti,
    status: 'active',
    expiresAt: '2031-11-30T00:00:00.000Z',
    now: 1795219230000,
  },
  Proof: {
    jti: 'AAECAwQFBgcICQoLDA0ODw',
    htm: 'POST',
    htu: 'http://token.localhost:4600/v1/enrolments',
    iat: 1795219230,
    bh: '7m5_QS_vtsdD_kxR2PsyAYJfpg-FghlmzhyXK7JHKOE',
  },
  ImportRequest: { ...act, fileName: 'tokens-1207.xml', tokens: 100_000 },
  Import: {
    digest: IMPORT_DIGEST,
    fileName: 'tokens-1207.xml',
    actor: 'staff01',
    tokens: 100_000,
    taken: 180,
    added: 179,
    startedAt: '2026-11-22T01:00:00.000Z',
  },
  ImportRow: importRow,
  ImportRows: { rows: [importRow] },
  ExistingSerials: { existing: [{ line: 61, serial: '2107000061' }], next: 61 },
  Problem: {
    type: 'urn:warifu:problem:invalid_request',
    title: 'The request does not have the documented form',
    status: 400,
    code: 'invalid_request',
    fields: ['activationPassword'],
    instance: 'urn:uuid:67d2b2c9-0918-4701-aa95-23b1b0e46456',
  },
};
