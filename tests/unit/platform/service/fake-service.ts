import { base64url, compactVerify, decodeProtectedHeader, exportJWK, importJWK, SignJWT } from 'jose';
import { vi } from 'vitest';
import type { ChallengeStatus, WaitingChallenges } from '../../../../core/api/challenge.ts';
import type { LiveConfirmations } from '../../../../core/api/confirmation.ts';
import { JWT_TYPES } from '../../../../core/api/token.ts';
import type { PinnedInstitution } from '../../../../core/institution/directory.ts';
import { DEFAULT_POLICY } from '../../../../core/institution/policy.ts';
import { canonicalText, type Details } from '../../../../core/transaction/details.ts';
import type { ClockKeeper } from '../../../../core/vault/clock.ts';
import type { TokenSummary } from '../../../../core/vault/token.ts';
import { detailsFor } from '../../core/transaction/example.ts';

export const NOW = Date.parse('2026-11-21T09:01:00.000Z');
export const ORIGIN = 'https://token.example';

export const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));

const makeKeys = () =>
  crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);

/** A confirmation as the service lists it. */
export type Listed = LiveConfirmations['confirmations'][number];

/** What of an honest answer a test changes. */
export interface Forgery {
  typ?: string;
  keys?: CryptoKeyPair;
  claims?: Record<string, unknown>;
  jws?: (jws: string) => string;
}

export const DETAILS = detailsFor('first');

export const TOKEN: TokenSummary = {
  id: 'first',
  institution: 'senpoku',
  institutionName: '仙北信用組合',
  suffix: '',
  serial: '123456789',
  userId: '123456789012',
  parameters: { algorithm: 'SHA-256', digits: 8, period: 60 },
  enrolledAt: NOW - 1000,
  expiresAt: NOW + 1e9,
};

/** One listed as waiting, of given details or of any text. */
export const listed = (details: Partial<Details> | string = {}, more: Partial<Listed> = {}): Listed => ({
  details: typeof details === 'string' ? details : canonicalText({ ...DETAILS, ...details }),
  mode: 'code',
  status: 'waiting',
  ...more,
});

/** A token service at the other end of a stubbed `fetch`: it checks proofs as the real one does, and signs. */
export class FakeService {
  readonly keys: CryptoKeyPair;
  readonly institution: PinnedInstitution;
  tokenKeys: CryptoKeyPair;
  now = NOW;
  listed: Listed[] = [listed()];
  forgery: Forgery = {};
  /** Statuses answered instead, one a request. */
  readonly statuses: (number | { readonly status: number; readonly code: string })[] = [];
  /** Requests whose answers get lost, after they were acted on. */
  lost = 0;
  down = false;
  readonly requests: { url: string; method: string; headers: Record<string, string>; body: string }[] = [];
  /** Claims of the decisions received. */
  readonly decisions: Record<string, unknown>[] = [];
  status = 'confirmed';
  /** What waits for a signature, and what becomes of it. */
  challenges: WaitingChallenges['challenges'] = [];
  challengeStatus: ChallengeStatus = 'signed';
  /** Signatures received. */
  readonly signatures: string[] = [];
  /** Of the token, in the answer to 利用停止. */
  stateStatus = 'suspended';

  private constructor(keys: CryptoKeyPair, tokenKeys: CryptoKeyPair, institution: PinnedInstitution) {
    this.keys = keys;
    this.tokenKeys = tokenKeys;
    this.institution = institution;
  }

  static async start(): Promise<FakeService> {
    const keys = await makeKeys();
    const { x = '', y = '' } = await exportJWK(keys.publicKey);
    const institution: PinnedInstitution = {
      policy: DEFAULT_POLICY,
      key: 'senpoku',
      serviceId: '10112235',
      bankCode: '9904',
      name: '仙北信用組合',
      nameEn: 'Senpoku Credit Union',
      family: 'ANSER',
      pageOrigins: ['https://ib.senpoku.example'],
      serviceOrigin: ORIGIN,
      otp: { algorithm: 'SHA-256', digits: 8, period: 60 },
      accent: '#2f6f4e',
      contact: { phone: '0120-000-004', hours: '', hoursEn: '' },
      confirmation: 'code',
      login: ['code', 'signed'],
      rules: {
        dailyLimitWithoutOtp: 200_000,
        dailyLimitMost: 10_000_000,
        limitChangeAfterDays: 3,
        reissueAfterDays: 1,
        emailPassword: true,
        release: [
          {
            by: 'counter',
            hours: '平日 9:00〜15:00',
            hoursEn: 'Weekdays',
            bring: '本人確認書類',
            bringEn: 'Proof of identity',
          },
        ],
      },
      serviceKey: { kty: 'EC', crv: 'P-256', x, y },
    };
    const service = new FakeService(keys, await makeKeys(), institution);
    const akita = { ...institution, key: 'akita', pageOrigins: ['https://ib.akita.example'] };
    vi.stubGlobal('__WARIFU_INSTITUTIONS__', [institution, akita]);
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => service.#answer(url, init));
    return service;
  }

  /** Keys of somebody else. */
  static foreignKeys = makeKeys;

  async #answer(url: string, init: RequestInit): Promise<Response> {
    const headers = Object.fromEntries(new Headers(init.headers));
    const body = typeof init.body === 'string' ? init.body : '';
    const method = init.method ?? 'GET';
    this.requests.push({ url, method, headers, body });
    if (this.down) throw new TypeError('Failed to fetch');
    const refusal = this.statuses.shift();
    if (typeof refusal === 'number') return new Response('{}', { status: refusal });
    if (refusal) return Response.json({ code: refusal.code }, { status: refusal.status });
    if (url.endsWith('/v1/time')) return Response.json({ time: await this.#time(body) });
    const jti = await this.checkProof(headers.dpop ?? '', method, url, body);
    if (jti === undefined) return new Response('{}', { status: 401 });
    const answer = await this.#does(url, body, jti);
    if (this.lost > 0) {
      this.lost -= 1;
      throw new TypeError('network error');
    }
    return Response.json(answer);
  }

  async #does(url: string, body: string, jti: string): Promise<object> {
    if (url.endsWith('/decision')) return { decided: await this.#decide(body, jti) };
    if (url.endsWith('/suspend')) return { state: await this.#state(jti) };
    if (url.endsWith('/v1/token/challenges')) return { challenges: await this.#challenges(jti) };
    if (url.includes('/v1/token/challenges/')) return { challenge: await this.#answered(url, body, jti) };
    if (url.endsWith('/refused-fills')) return { countedUntil: new Date(this.now).toISOString() };
    return { confirmations: await this.#list(jti) };
  }

  #challenges(jti: string): Promise<string> {
    const { challenges, now } = this;
    return this.#sign(JWT_TYPES.challenges, { tokenId: 'first', proof: jti, now, challenges });
  }

  #answered(url: string, body: string, jti: string): Promise<string> {
    const { signature } = JSON.parse(body);
    if (signature !== undefined) this.signatures.push(signature);
    const [challenge] = new URL(url).pathname.split('/').slice(-2);
    const status = signature === undefined ? 'not-me' : this.challengeStatus;
    return this.#sign(JWT_TYPES.answeredChallenge, { challenge, proof: jti, status });
  }

  #state(jti: string): Promise<string> {
    const { stateStatus: status, now } = this;
    return this.#sign(JWT_TYPES.tokenState, { tokenId: 'first', proof: jti, status, now });
  }

  /** The proof's `jti`, where everything in it is as it must be. */
  async checkProof(jws: string, method: string, url: string, body: string): Promise<string | undefined> {
    const { payload, protectedHeader } = await compactVerify(jws, this.tokenKeys.publicKey);
    const claims = JSON.parse(new TextDecoder().decode(payload));
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body));
    const fits =
      protectedHeader.typ === JWT_TYPES.proof &&
      claims.htm === method &&
      claims.htu === url &&
      Math.abs(claims.iat * 1000 - this.now) < 60_000 &&
      claims.bh === base64url.encode(new Uint8Array(hash));
    return fits ? claims.jti : undefined;
  }

  #time(body: string): Promise<string> {
    return this.#sign(JWT_TYPES.time, { now: this.now, nonce: JSON.parse(body).nonce });
  }

  #list(jti: string): Promise<string> {
    return this.#sign(JWT_TYPES.confirmations, {
      tokenId: 'first',
      proof: jti,
      now: this.now,
      confirmations: this.listed,
    });
  }

  async #decide(body: string, jti: string): Promise<string> {
    const { decision } = JSON.parse(body);
    const { payload, protectedHeader } = await compactVerify(
      decision,
      await importJWK(decodeProtectedHeader(decision).jwk ?? {}, 'ES256'),
    );
    const claims = JSON.parse(new TextDecoder().decode(payload));
    this.decisions.push({ ...claims, typ: protectedHeader.typ, jwk: protectedHeader.jwk });
    return this.#sign(JWT_TYPES.decided, {
      confirmation: claims.confirmation,
      proof: jti,
      status: this.status,
      useBy: '2026-11-21T09:10:00.000Z',
    });
  }

  async #sign(typ: string, claims: Record<string, unknown>): Promise<string> {
    const { forgery } = this;
    const jws = await new SignJWT({ ...claims, ...forgery.claims })
      .setProtectedHeader({ alg: 'ES256', typ: forgery.typ ?? typ })
      .sign((forgery.keys ?? this.keys).privateKey);
    return forgery.jws?.(jws) ?? jws;
  }
}

/** A clock keeper that knows an offset, or has to measure it. */
export function clockKeeperOf(kept: { offsetMs: number; measuredAt: number } | undefined, measured = 0) {
  const measurements: string[] = [];
  const keeper: ClockKeeper = {
    offset: async () => kept,
    measure: async (institution) => {
      measurements.push(institution);
      return { offsetMs: measured, measuredAt: NOW };
    },
  };
  return { keeper, measurements };
}
