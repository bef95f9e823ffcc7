import {
  type DecisionKind,
  decidedSchema,
  decideResponseSchema,
  type LiveConfirmations,
  liveConfirmationsResponseSchema,
  liveConfirmationsSchema,
} from '../../core/api/confirmation.ts';
import type { Factor } from '../../core/api/factor.ts';
import { JWT_TYPES } from '../../core/api/token.ts';
import { textDigest } from '../../core/digest.ts';
import type { PinnedInstitution } from '../../core/institution/directory.ts';
import { confirmationCode } from '../../core/transaction/code.ts';
import type {
  CodeOutcome,
  DecisionOutcome,
  LatestConfirmations,
  PendingConfirmation,
  ReplacedToken,
  TokenStanding,
} from '../../core/transaction/confirmations.ts';
import type { DecisionRefusal } from '../../core/transaction/decision-refusal.ts';
import type { Details } from '../../core/transaction/details.ts';
import type { PastDecision } from '../../core/vault/decisions.ts';
import { isLockedError } from '../../core/vault/errors.ts';
import type { RandomBytes } from '../../core/vault/seal.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { institutionByKey } from '../directory.ts';
import type { TokenKeyring } from '../storage/token-keys.ts';
import { readDetails } from './details.ts';
import type { EventStream } from './event-streams.ts';
import { readSigned } from './messages.ts';
import { makeProof, signByToken } from './proof.ts';
import { inRounds } from './rounds.ts';
import { type RequestPorts, refusalOf, sendByToken, serviceTime, type TokenReply } from './token-request.ts';

export interface ConfirmerPorts extends RequestPorts {
  readonly keys: Pick<TokenKeyring, 'signing' | 'confirmation'>;
  /** What proves the customer at this moment. */
  factors(): Promise<readonly Factor[]>;
  keepDecision(decision: PastDecision, randomBytes: RandomBytes): Promise<void>;
  /** Keeps how a token stands, and until when, where that has changed. */
  keepStanding(standing: TokenStanding): Promise<void>;
}

/** 取引認証 with the services, for given tokens. Nothing rejects. */
export interface Confirmer {
  /** Waiting and confirmed confirmations, without a comparison with the page. */
  latest(tokens: readonly TokenSummary[]): Promise<LatestConfirmations>;
  /** @param origin where a page shows this very transaction, by the browser's word */
  decide(
    token: TokenSummary,
    canonical: string,
    decision: DecisionKind,
    origin?: string,
  ): Promise<DecisionOutcome>;
  /** The code, if the service says now that exactly this is confirmed and needs a code. */
  code(token: TokenSummary, canonical: string): Promise<CodeOutcome>;
  /** Requests for the events of each service; a service that cannot be asked for its time is left out. */
  streams(tokens: readonly TokenSummary[]): Promise<readonly EventStream[]>;
}

export function createConfirmer(ports: ConfirmerPorts): Confirmer {
  return {
    async latest(tokens) {
      const answers = await inRounds(tokens, (token) => settled(() => live(ports, token)));
      const whose = (holds: (answer: Live | undefined) => boolean) => [
        ...new Set(tokens.filter((_, at) => holds(answers[at])).map(({ institution }) => institution)),
      ];
      const unsupported = whose((answer) => answer?.unsupported === true);
      const replaced = answers.flatMap((answer) => answer?.replaced ?? []);
      const standings = answers.flatMap((answer) => answer?.standing ?? []);
      return {
        confirmations: answers.flatMap((answer) => answer?.pending ?? []),
        failed: whose((answer) => answer === undefined),
        ...(unsupported.length > 0 && { unsupported }),
        ...(replaced.length > 0 && { replaced }),
        ...(standings.length > 0 && { standings }),
      };
    },
    async decide(...given) {
      try {
        return await decide(ports, ...given);
      } catch (error) {
        return refused(isLockedError(error) ? 'locked' : 'vault');
      }
    },
    code: async (token, canonical) =>
      (await settled(() => code(ports, token, canonical))) ?? { kind: 'unreachable' },
    async streams(tokens) {
      const keys = [...new Set(tokens.map(({ institution }) => institution))];
      const known = keys.flatMap((key) => institutionByKey(key) ?? []);
      const origins = [...new Set(known.map(({ serviceOrigin }) => serviceOrigin))];
      const streams = await Promise.all(origins.map((origin) => streamOf(ports, origin, tokens)));
      return streams.flatMap((stream) => stream ?? []);
    },
  };
}

/** The result of an act, or undefined if this device's storage fails. */
async function settled<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch {
    return undefined;
  }
}

interface Live {
  readonly pending: readonly PendingConfirmation[];
  /** Whether a confirmation of an unknown type waits. */
  readonly unsupported: boolean;
  /** Present if a token on another device has replaced it. */
  readonly replaced?: ReplacedToken;
  readonly standing?: TokenStanding | undefined;
}

/** Asks the service about a token; undefined if it could not be asked or its answer cannot be trusted. */
async function live(ports: ConfirmerPorts, token: TokenSummary): Promise<Live | undefined> {
  const institution = institutionByKey(token.institution);
  if (institution === undefined) return undefined;
  const keys = await ports.keys.signing(token.id);
  const reply = await sendByToken(ports, {
    institution,
    keys,
    method: 'GET',
    path: '/v1/token/confirmations',
  });
  // The service no longer knows the token, so nothing waits for it.
  if (reply.kind === 'refused' && reply.status === 404)
    return { pending: [], unsupported: false, standing: await takeForgotten(ports, token) };
  if (reply.kind !== 'answered') return undefined;
  const { data } = liveConfirmationsResponseSchema.safeParse(reply.answer);
  const signed =
    data &&
    (await readSigned(institution, JWT_TYPES.confirmations, data.confirmations, liveConfirmationsSchema));
  if (signed?.tokenId !== token.id || signed.proof !== reply.proof) return undefined;
  const read = readLive(signed, token);
  return read && { ...read, standing: await takeStanding(ports, signed, token) };
}

/** Takes over what was signed: the token was registered, suspended, resumed or renewed. */
async function takeStanding(
  ports: ConfirmerPorts,
  { status, expiresAt, activatedAt }: LiveConfirmations,
  token: TokenSummary,
): Promise<TokenStanding | undefined> {
  if (status === undefined || expiresAt === undefined) return undefined;
  return take(ports, token, {
    tokenId: token.id,
    status,
    expiresAt: Date.parse(expiresAt),
    ...(activatedAt !== undefined && { activatedAt: Date.parse(activatedAt) }),
  });
}

/** A service forgets a token that was not registered in time. Nobody signs that; all it takes away is a code of no use. */
async function takeForgotten(ports: ConfirmerPorts, token: TokenSummary): Promise<TokenStanding | undefined> {
  const { id: tokenId, bindBy, expiresAt } = token;
  const timeMs = bindBy === undefined ? undefined : await serviceTime(ports, token.institution);
  if (timeMs === undefined || bindBy === undefined || timeMs < bindBy) return undefined;
  return take(ports, token, { tokenId, status: 'void', expiresAt });
}

/** Keeps it where it is something else than what was known. */
async function take(
  ports: ConfirmerPorts,
  token: TokenSummary,
  standing: TokenStanding,
): Promise<TokenStanding> {
  const { tokenId: _, ...said } = standing;
  const changed = Object.entries(said).some(([what, value]) => Reflect.get(token, what) !== value);
  // If storing it fails, the next answer is taken over.
  if (changed) await settled(() => ports.keepStanding(standing));
  return standing;
}

/** The confirmations of known types in an answer; undefined if any text in it may not be shown. */
function readLive(
  { now, confirmations, replacedBy }: LiveConfirmations,
  token: TokenSummary,
): Live | undefined {
  const pending: PendingConfirmation[] = [];
  let unsupported = false;
  for (const { details: canonical, mode, status, useBy } of confirmations) {
    const read = readDetails(canonical, token);
    if (read.kind === 'untrusted') return undefined;
    unsupported ||= read.kind === 'unsupported';
    if (read.kind === 'unsupported') continue;
    const { details } = read;
    const useByMs = useBy === undefined ? undefined : Date.parse(useBy);
    const until = status === 'waiting' ? Date.parse(details.expiresAt) : useByMs;
    if (until === undefined || now >= until) continue;
    pending.push({ tokenId: token.id, details, canonical, mode, status, useBy: useByMs, onPage: undefined });
  }
  return { pending, unsupported, ...(replacedBy && { replaced: replacedToken(token, replacedBy) }) };
}

function replacedToken(
  { id }: TokenSummary,
  { at, device }: NonNullable<LiveConfirmations['replacedBy']>,
): ReplacedToken {
  return { tokenId: id, at: Date.parse(at), form: device?.form ?? 'other', device: device?.name ?? '' };
}

async function decide(
  ports: ConfirmerPorts,
  token: TokenSummary,
  canonical: string,
  decision: DecisionKind,
  origin?: string,
): Promise<DecisionOutcome> {
  const institution = institutionByKey(token.institution);
  const read = readDetails(canonical, token);
  if (institution === undefined || read.kind !== 'details') return refused('untrusted');
  const { details } = read;
  const keys = await ports.keys.signing(token.id);
  const jws = await signByToken(keys, JWT_TYPES.decision, {
    confirmation: details.confirmation,
    decision,
    details: await textDigest(canonical),
    origin: origin ?? null,
    factors: await ports.factors(),
  });
  const reply = await sendByToken(ports, {
    institution,
    keys,
    method: 'POST',
    path: `/v1/token/confirmations/${details.confirmation}/decision`,
    body: { decision: jws },
  });
  const outcome = await readDecided(institution, details, decision, reply);
  if (outcome.kind === 'decided') {
    // The service has the decision, so a failure to store it here does not matter.
    await settled(() =>
      ports.keepDecision(
        { tokenId: token.id, decision, details, decidedAt: ports.clock() },
        ports.randomBytes,
      ),
    );
  }
  return outcome;
}

async function readDecided(
  institution: PinnedInstitution,
  { confirmation }: Details,
  decision: DecisionKind,
  reply: TokenReply,
): Promise<DecisionOutcome> {
  if (reply.kind === 'unreachable') return refused('unreachable');
  if (reply.kind === 'refused') {
    return refused(reply.code === 'origin_required' ? 'origin-required' : refusalOf(reply.status));
  }
  const { data } = decideResponseSchema.safeParse(reply.answer);
  const signed = data && (await readSigned(institution, JWT_TYPES.decided, data.decided, decidedSchema));
  if (signed?.confirmation !== confirmation || signed.proof !== reply.proof) return refused('untrusted');
  // The decision was sent again after a lost answer; the bank may have used it in between.
  const stands = signed.status === decision || (signed.status === 'spent' && decision === 'confirmed');
  if (!stands) return refused('gone');
  return { kind: 'decided', useBy: signed.useBy === undefined ? undefined : Date.parse(signed.useBy) };
}

const refused = (reason: DecisionRefusal): DecisionOutcome => ({ kind: 'refused', reason });

async function code(
  ports: ConfirmerPorts,
  token: TokenSummary,
  canonical: string,
): Promise<CodeOutcome | undefined> {
  const known = await live(ports, token);
  if (known === undefined) return undefined;
  const confirmed = known.pending.some(
    (pending) => pending.canonical === canonical && pending.status === 'confirmed' && pending.mode === 'code',
  );
  if (!confirmed) return { kind: 'none' };
  return { kind: 'made', code: await confirmationCode(await ports.keys.confirmation(token.id), canonical) };
}

/** Of so many tokens of a service one stream tells; of others a notice does, or whoever asks. The service takes 50. */
const MOST_IN_STREAM = 20;

/** A request for the events of a service's tokens, the first ones of them; undefined while the vault is locked. */
async function streamOf(
  ports: ConfirmerPorts,
  origin: string,
  tokens: readonly TokenSummary[],
): Promise<EventStream | undefined> {
  const url = `${origin}/v1/events`;
  const own = tokens.filter(({ institution }) => institutionByKey(institution)?.serviceOrigin === origin);
  const proofs = await Promise.all(
    own.slice(0, MOST_IN_STREAM).map((token) =>
      settled(async () => {
        // first, as nothing is asked without it
        const keys = await ports.keys.signing(token.id);
        const timeMs = await serviceTime(ports, token.institution);
        if (timeMs === undefined) return '';
        return (await makeProof(keys, { method: 'POST', url, body: '', timeMs }, ports.randomBytes)).jws;
      }),
    ),
  );
  if (proofs.every((proof) => proof === undefined)) return undefined;
  const made = proofs.filter(Boolean);
  return { url, ...(made.length > 0 && { body: JSON.stringify({ proofs: made }) }) };
}
