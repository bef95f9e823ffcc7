import type {
  Challenge,
  ChallengeStatus,
  ChallengeUse,
  UseChallengeResponse,
} from '../../../core/api/challenge.ts';
import { policyOf } from '../../../core/institution/policy.ts';
import type { TestBank } from './test-bank.ts';

interface Kept {
  readonly userId: string;
  readonly challenge: Challenge;
  readonly changed: PromiseWithResolvers<void>;
}

const TOKEN_AFTER: Readonly<Record<ChallengeUse, 'active' | 'released'>> = {
  verify: 'active',
  activate: 'active',
  release: 'released',
};

/** Stands before the service and answers for challenges alone; what the token does is said by the test. */
export class FakeChallenges {
  /** What was asked, without the ids: `POST challenges`, `GET challenge`. */
  readonly calls: string[] = [];
  /** Paths whose answer is lost, although the work is done. */
  loses: RegExp | undefined;
  /** What the service says instead of making one. */
  refusal: 'rate_limited' | 'state_conflict' | undefined;
  readonly #bank: TestBank;
  readonly #kept = new Map<string, Kept>();
  readonly #byKey = new Map<string, Challenge | UseChallengeResponse>();

  constructor(bank: TestBank) {
    this.#bank = bank;
    const { app } = bank.service;
    bank.replaceService({
      request: async (url, init) => {
        const { pathname, searchParams } = new URL(url);
        const [, userId = '', id, act] =
          /^\/v1\/tokens\/(\d+)\/challenges(?:\/([\w-]{22})(?:\/(use|cancel))?)?$/.exec(pathname) ?? [];
        if (userId === '') return app.request(url, init);
        this.calls.push(`${init.method} ${act ?? (id === undefined ? 'challenges' : 'challenge')}`);
        const answer = await this.#once(init, () => this.#answer(userId, id, act, init, searchParams));
        if (this.loses?.test(pathname)) throw new TypeError('terminated');
        return answer;
      },
    });
  }

  /** All that were made, oldest first. */
  get all(): readonly Challenge[] {
    return [...this.#kept.values()].map(({ challenge }) => challenge);
  }

  get last(): Challenge {
    const last = this.all.at(-1);
    if (last === undefined) throw new Error('no challenge yet');
    return last;
  }

  set(status: ChallengeStatus, { id }: Pick<Challenge, 'id'> = this.last): void {
    const kept = this.#kept.get(id);
    if (kept === undefined) throw new Error('no such challenge');
    const signed = {
      at: new Date(this.#bank.service.clock.now()).toISOString(),
      origin: 'http://senpoku.localhost:4601',
      factors: ['token-key' as const],
    };
    const challenge = { ...kept.challenge, status, ...(status === 'signed' && { signed }) };
    this.#kept.set(id, { ...kept, challenge, changed: Promise.withResolvers() });
    kept.changed.resolve();
  }

  async #once(init: RequestInit, answer: () => Promise<Response>): Promise<Response> {
    const key = new Headers(init.headers).get('idempotency-key');
    const earlier = key === null ? undefined : this.#byKey.get(key);
    if (earlier !== undefined) return Response.json('number' in earlier ? this.#now(earlier) : earlier);
    const response = await answer();
    if (key !== null && response.ok) this.#byKey.set(key, await response.clone().json());
    return response;
  }

  async #answer(
    userId: string,
    id: string | undefined,
    act: string | undefined,
    { body, signal }: RequestInit,
    query: URLSearchParams,
  ): Promise<Response> {
    if (id === undefined) return this.#make(userId, JSON.parse(String(body)).use);
    const kept = this.#kept.get(id);
    if (kept?.userId !== userId) return problem(404, 'not_found');
    this.#now(kept.challenge);
    if (act === 'use') return this.#use(kept);
    if (act === 'cancel') {
      const { status } = this.#read(id);
      if (status === 'waiting' || status === 'signed') this.set('cancelled', { id });
    }
    if (query.has('wait') && this.#read(id).status === 'waiting') {
      const over = new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
      await Promise.race([kept.changed.promise, over]);
    }
    return Response.json(this.#read(id));
  }

  #make(userId: string, use: ChallengeUse): Response {
    if (this.refusal !== undefined) return problem(this.refusal === 'rate_limited' ? 429 : 409, this.refusal);
    const id = `${this.#kept.size}`.padStart(22, 'c');
    const expires = this.#bank.service.clock.now() + policyOf(undefined).challengeSeconds * 1_000;
    const challenge: Challenge = {
      id,
      use,
      status: 'waiting',
      number: String(10 + this.#kept.size),
      expiresAt: new Date(expires).toISOString(),
    };
    this.#kept.set(id, { userId, challenge, changed: Promise.withResolvers() });
    return Response.json(challenge, { status: 201 });
  }

  #now({ id }: Challenge): Challenge {
    const { status, expiresAt } = this.#read(id);
    const open = status === 'waiting' || status === 'signed';
    if (open && Date.parse(expiresAt) <= this.#bank.service.clock.now()) this.set('expired', { id });
    return this.#read(id);
  }

  async #use({ userId, challenge }: Kept): Promise<Response> {
    const { db } = this.#bank.service;
    const accepted = this.#read(challenge.id).status === 'signed';
    if (accepted) {
      this.set('spent', challenge);
      const status = TOKEN_AFTER[challenge.use];
      const at = new Date(this.#bank.service.clock.now());
      const moment = status === 'released' ? { released_at: at } : { activated_at: at };
      await db
        .updateTable('tokens')
        .set({ status, ...(challenge.use !== 'verify' && moment) })
        .where('user_id', '=', userId)
        .execute();
    }
    const shown = await this.#bank.dependencies
      .serviceFor(this.#bank.directory.institutions.find(({ key }) => key === 'senpoku') ?? never())
      .show(userId);
    if (shown.kind !== 'ok') return problem(404, 'token_unknown');
    return Response.json({ accepted, challenge: this.#read(challenge.id), token: shown.value });
  }

  #read(id: string): Challenge {
    return this.#kept.get(id)?.challenge ?? never();
  }
}

function never(): never {
  throw new Error('it is there');
}

const problem = (status: number, code: string) =>
  new Response(JSON.stringify({ type: 'about:blank', title: 'x', status, code }), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });
