import { sql } from 'kysely';
import type { Policies } from '../../core/institution/policy.ts';
import type { Judgement } from '../../core/otp/verify.ts';
import { locksOf, wakeLocked } from './confirmation-sql.ts';
import type { Database } from './database.ts';
import { mayTakeOver, releaseReplaced, replacedTokens, wakeReplaced } from './replacements.ts';
import type { IdempotentWrite } from './tokens.ts';
import { byToken, inTokenOrder, WRITE_COLUMNS, writeInput } from './write-input.ts';

/** Uses of a code, each with the status that it needs and the one that it leads to. */
export const CODE_USES = {
  activate: { from: 'enrolled', to: 'active' },
  verify: { from: 'active', to: 'active' },
  release: { from: 'active', to: 'released' },
  renew: { from: 'active', to: 'active' },
  resync: { from: 'active', to: 'active' },
} as const;

export type CodeUse = keyof typeof CODE_USES;

export interface Renewal {
  readonly from: Date;
  readonly to: Date;
}

/** A code presented for a token. */
export interface Presented {
  readonly write: IdempotentWrite;
  readonly tokenId: string;
  readonly use: CodeUse;
  /** Of a renewal: the 有効期限 as the request found it, and the new one. */
  readonly renewal?: Renewal | undefined;
  /** stopped: the token takes no codes, so this one was not judged. */
  readonly judgement: Promise<Judgement | { readonly kind: 'stopped' }>;
}

/** overtaken: the token changed between the code's arrival and its turn, so the code did not count. */
export type CodeOutcome = 'done' | 'wrong' | 'spent' | 'late' | 'stopped' | 'overtaken';

/**
 * Takes codes, at most one of each token: spends the step of a fresh code, counts a wrong one. It is one statement,
 * conditional on the token's row when its turn comes. So one of any number of submissions of a code wins, on any number of
 * nodes (RFC 6238 §5.2), and guesses count until they lock the token. The same statement remembers and audits the outcomes.
 * A spent or late code does not count towards the lock: it is no guess, and a double click must lock nobody out. Rejects with a
 * unique violation, and does nothing, if an idempotency key was used before.
 * @param codes in the order of their arrival, right and wrong ones alike
 * @param takesOver whether the tokens are to take the places of others: the same statement releases those, or does nothing
 * @returns in the order given
 */
export async function takeCodes(
  db: Database,
  policies: Policies,
  codes: readonly Presented[],
  takesOver = false,
): Promise<CodeOutcome[]> {
  const inputs = (await Promise.all(codes.map((code, place) => inputOf(policies, code, place)))).toSorted(
    byToken,
  );
  const where = (fragment: typeof mayTakeOver) => (takesOver ? fragment : sql``);
  const { rows } = await sql<{ place: number; outcome: CodeOutcome }>`
    with input as (
      select * from jsonb_to_recordset(${JSON.stringify(inputs)}::jsonb) as i(
        ${WRITE_COLUMNS}, place integer, token_id text, judged text, step integer, drift integer, event text,
        from_status text, to_status text, wrong_to_lock integer, renew_from timestamptz, renew_to timestamptz)
    ), ${where(replacedTokens)}held as (
      select i.place, t.status, t.last_step, t.expires_at, ${takesOver ? mayTakeOver : sql`true`} as free
      from input i join tokens t on t.id = i.token_id ${inTokenOrder('i.token_id')} for update of t
    ), outcome as (
      select i.*, case
        when i.judged = 'stopped' then 'stopped'
        when h.status <> i.from_status or h.expires_at <> i.renew_from then 'overtaken'
        when i.judged <> 'fresh' then i.judged
        when h.expires_at <= i.at then 'stopped'
        when h.last_step >= i.step then 'spent'
        when not h.free then 'overtaken'
        else 'done' end as outcome
      from input i join held h on h.place = i.place
    ), spent as (
      update tokens set
        last_step = o.step, drift = o.drift, failures = 0, status = o.to_status,
        activated_at = case o.event when 'activate' then o.at else activated_at end,
        activation_password = case o.event when 'activate' then null else activation_password end,
        expires_at = case o.event when 'renew' then o.renew_to else expires_at end,
        released_at = case o.event when 'release' then o.at else released_at end,
        secret = case o.event when 'release' then null else secret end
      from outcome o where tokens.id = o.token_id and o.outcome = 'done'
    ), counted as (
      update tokens set
        failures = failures + 1,
        status = case when failures + 1 >= o.wrong_to_lock then 'locked' else tokens.status end
      from outcome o where tokens.id = o.token_id and o.outcome = 'wrong'
      returning o.at, o.institution, o.token_id, o.request_id, tokens.status, tokens.failures
    ), remembered as (
      insert into idempotency (institution, key, request_hash, token_id, accepted, created_at)
      select institution, key, decode(request_hash, 'hex'), token_id, outcome = 'done', at from outcome
    ), audited as (
      insert into audit (at, institution, token_id, confirmation_id, event, outcome, request_id, failures)
      select at, institution, token_id, null, event, outcome, request_id, null::integer from outcome
      union all ${locksOf('counted')}
    )${where(releaseReplaced)}
    select place, outcome, ${wakeLocked('counted')}${where(wakeReplaced)} from outcome`.execute(db);
  const outcomes = new Map(rows.map(({ place, outcome }) => [place, outcome]));
  return codes.map((_, place) => outcomes.get(place) ?? 'overtaken');
}

async function inputOf(
  policies: Policies,
  { write, tokenId, use, renewal, judgement }: Presented,
  place: number,
) {
  const judged = await judgement;
  return {
    ...writeInput(write),
    place,
    token_id: tokenId,
    judged: judged.kind,
    ...(judged.kind === 'fresh' && { step: judged.step, drift: judged.drift }),
    event: use,
    ...(renewal && { renew_from: renewal.from, renew_to: renewal.to }),
    from_status: CODE_USES[use].from,
    to_status: CODE_USES[use].to,
    wrong_to_lock: policies(write.institution).wrongCodesToLock,
  };
}
