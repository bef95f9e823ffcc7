import { createHash } from 'node:crypto';
import { compactVerify, decodeJwt, decodeProtectedHeader } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { type LoginSignature, loginSignatureSchema } from '../../../../core/api/challenge.ts';
import type { Factor } from '../../../../core/api/factor.ts';
import { JWT_TYPES, PROOF_LIFETIME_S } from '../../../../core/api/token.ts';
import type { WaitingLogin } from '../../../../core/transaction/logins.ts';
import { VaultError, type VaultFailure } from '../../../../core/vault/errors.ts';
import type { KeptSignature } from '../../../../platform/storage/database.ts';
import { clockKeeperOf, FakeService, type Forgery, NOW, random, TOKEN } from './fake-service.ts';

const service = await FakeService.start();
const { createChallenges } = await import('../../../../platform/service/challenges.ts');
const foreign = await FakeService.foreignKeys();

const ID = 'C'.repeat(22);
const LISTED = {
  id: ID,
  use: 'verify',
  number: '47',
  expiresAt: new Date(NOW + 100_000).toISOString(),
} as const;
const LOGIN: WaitingLogin = {
  id: ID,
  tokenId: 'first',
  institution: 'senpoku',
  use: 'verify',
  number: '47',
  since: NOW - 20_000,
  until: NOW + 100_000,
};
const PAGE = { origin: 'https://ib.senpoku.example', documentId: 'a document', timeMs: NOW };

let kept: KeptSignature[];
let factors: Factor[];

beforeEach(() => {
  service.forgery = {};
  service.statuses.length = 0;
  service.signatures.length = 0;
  service.lost = 0;
  service.down = false;
  service.challenges = [LISTED];
  service.challengeStatus = 'signed';
  kept = [];
  factors = ['token-key'];
});

/** A device just started: what it signed, its storage has kept. */
function device(failure?: VaultFailure) {
  const { keeper } = clockKeeperOf({ offsetMs: 0, measuredAt: NOW });
  return createChallenges({
    clock: () => NOW,
    clockKeeper: keeper,
    randomBytes: random,
    keys: {
      signing: async () => {
        if (failure) throw new VaultError(failure);
        return service.tokenKeys;
      },
    },
    factors: async () => factors,
    keepSignature: async (_tokenId, made, isOver) => {
      const first = kept.find(({ challenge }) => challenge === made.challenge);
      if (first && !isOver(first)) return first;
      kept = [made];
      return made;
    },
  });
}

const refused = (reason: string) => ({ kind: 'refused', reason });
const documentOf = ({ documentId }: { documentId: string }) =>
  createHash('sha256').update(documentId).digest('base64url');

describe('what waits for a signature', () => {
  test('is listed with its time by this device’s clock', async () => {
    expect(await device().waiting(TOKEN)).toEqual({ kind: 'waiting', logins: [LOGIN] });
  });

  test('is not what has expired by the service’s own time', async () => {
    service.challenges = [{ ...LISTED, expiresAt: new Date(NOW).toISOString() }];
    expect(await device().waiting(TOKEN)).toEqual({ kind: 'waiting', logins: [] });
  });

  test.each<[string, Forgery]>([
    ['signed by somebody else', { keys: foreign }],
    ['of another kind', { typ: JWT_TYPES.approvals }],
    ['of another token', { claims: { tokenId: 'second' } }],
    ['an answer to another request', { claims: { proof: 'another' } }],
    ['changed on the way', { jws: (jws) => jws.replace(/\.[^.]+\./, '.e30.') }],
  ])('is nothing where the answer is %s', async (_what, forgery) => {
    service.forgery = forgery;
    expect(await device().waiting(TOKEN)).toEqual(refused('sign-untrusted'));
  });

  test('is not known where the service or the vault does not answer', async () => {
    service.statuses.push(503);
    expect(await device().waiting(TOKEN)).toEqual(refused('sign-unreachable'));
    service.down = true;
    expect(await device().waiting(TOKEN)).toEqual(refused('sign-unreachable'));
    expect(await device('locked').waiting(TOKEN)).toEqual(refused('locked'));
    expect(await device('broken').waiting(TOKEN)).toEqual(refused('vault'));
  });
});

describe('a signature', () => {
  test('names the challenge, the page as the browser reports it, the time and the factors, and is the token’s', async () => {
    factors = ['token-key', 'pin'];
    expect(await device().sign(LOGIN, PAGE)).toEqual({ kind: 'signed' });
    const [signature = ''] = service.signatures;
    const claims = loginSignatureSchema.parse(decodeJwt(signature));
    expect(claims).toEqual<LoginSignature>({
      challenge: ID,
      institution: 'senpoku',
      tokenId: 'first',
      use: 'verify',
      origin: 'https://ib.senpoku.example',
      document: documentOf(PAGE),
      iat: NOW / 1000,
      factors: ['token-key', 'pin'],
    });
    expect(decodeProtectedHeader(signature).typ).toBe('warifu-login+jwt');
    await compactVerify(signature, service.tokenKeys.publicKey);
  });

  test('whose answer was lost is sent again as it was, also by a worker started anew', async () => {
    service.lost = 1;
    expect(await device().sign(LOGIN, PAGE)).toEqual(refused('sign-unreachable'));
    expect(await device().sign(LOGIN, { ...PAGE, timeMs: NOW + 1000 })).toEqual({ kind: 'signed' });
    expect(new Set(service.signatures).size).toBe(1);
    expect(service.signatures).toHaveLength(2);
  });

  test.each([
    ['in the time that the service takes it', PROOF_LIFETIME_S, 1],
    ['made anew once the service would not take it, of whichever page', PROOF_LIFETIME_S + 1, 2],
  ])('that did not arrive is %s', async (_what, seconds, made) => {
    service.down = true;
    expect(await device().sign(LOGIN, PAGE)).toEqual(refused('sign-unreachable'));
    service.down = false;
    const documentId = made === 1 ? PAGE.documentId : 'another';
    const page = { ...PAGE, documentId, timeMs: NOW + seconds * 1000 };
    expect(await device().sign(LOGIN, page)).toEqual({ kind: 'signed' });
    expect(decodeJwt(service.signatures.at(-1) ?? '').iat).toBe(NOW / 1000 + (made === 1 ? 0 : seconds));
  });

  test('of one challenge is made for one document', async () => {
    await device().sign(LOGIN, PAGE);
    const next = { ...PAGE, documentId: 'the next' };
    expect(await device().sign(LOGIN, next)).toEqual(refused('sign-repeated'));
    expect(service.signatures).toHaveLength(1);
  });

  test('that two pages want at once goes out for one of them', async () => {
    const { sign } = device();
    const pages = [PAGE, { ...PAGE, documentId: 'another' }];
    const outcomes = await Promise.all(pages.map((page) => sign(LOGIN, page)));
    const signed = pages.filter((_, index) => outcomes[index]?.kind === 'signed');
    expect(signed).toHaveLength(1);
    expect(outcomes).toContainEqual(refused('sign-repeated'));
    expect(service.signatures.map((signature) => decodeJwt(signature).document)).toEqual(
      signed.map(documentOf),
    );
  });

  test.each([
    [{ status: 403, code: 'origin_not_allowed' }, 'sign-foreign'],
    [{ status: 403, code: 'device_not_allowed' }, 'signs-elsewhere'],
    [404, 'sign-gone'],
    [409, 'sign-gone'],
    [429, 'sign-unreachable'],
    [503, 'sign-unreachable'],
  ] as const)('that the service refuses with %o: %s', async (status, reason) => {
    service.statuses.push(status);
    expect(await device().sign(LOGIN, PAGE)).toEqual(refused(reason));
  });

  test.each([
    ['refused', 'sign-foreign'],
    ['not-me', 'sign-gone'],
    ['expired', 'sign-gone'],
    ['cancelled', 'sign-gone'],
  ] as const)('for a challenge that is %s came too late', async (status, reason) => {
    service.challengeStatus = status;
    expect(await device().sign(LOGIN, PAGE)).toEqual(refused(reason));
  });

  test('counts as given only by the service’s own word about it', async () => {
    service.forgery = { keys: foreign };
    expect(await device().sign(LOGIN, PAGE)).toEqual(refused('sign-untrusted'));
    service.forgery = { claims: { challenge: 'D'.repeat(22) } };
    expect(await device().sign(LOGIN, PAGE)).toEqual(refused('sign-untrusted'));
  });

  test('is not made where the vault is locked', async () => {
    expect(await device('locked').sign(LOGIN, PAGE)).toEqual(refused('locked'));
    expect(kept).toEqual([]);
  });
});

describe('心当たりがない', () => {
  test('stops the token, by the service’s word, and can be sent again after a lost answer', async () => {
    service.lost = 1;
    expect(await device().notMe(LOGIN)).toEqual(refused('unreachable'));
    expect(await device().notMe(LOGIN)).toEqual({ kind: 'stopped' });
    service.forgery = { keys: foreign };
    expect(await device().notMe(LOGIN)).toEqual(refused('untrusted'));
    expect(service.signatures).toEqual([]);
  });

  test('of one that is over says so', async () => {
    service.statuses.push(409);
    expect(await device().notMe(LOGIN)).toEqual(refused('gone'));
    expect(await device('locked').notMe(LOGIN)).toEqual(refused('locked'));
  });
});
