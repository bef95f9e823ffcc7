import { base64url } from 'jose';
import {
  type Approval,
  type ApprovalRequest,
  approvalResponseSchema,
  approvalSchema,
} from '../../core/api/approval.ts';
import { JWT_TYPES } from '../../core/api/token.ts';
import type {
  ApprovalAnswer,
  ApprovalAsker,
  ApprovalRefusal,
  ApprovalWish,
  AskedApproval,
  AskOutcome,
} from '../../core/autofill/approval.ts';
import type { PinnedInstitution } from '../../core/institution/directory.ts';
import { decryptCode, readApprovalDecision } from '../../core/pairing/messages.ts';
import { isLockedError } from '../../core/vault/errors.ts';
import type { RandomBytes } from '../../core/vault/seal.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { institutionByKey } from '../directory.ts';
import type { Peers } from '../storage/peers.ts';
import type { TokenKeyring } from '../storage/token-keys.ts';
import { readSigned } from './messages.ts';
import { signByToken } from './proof.ts';
import {
  type RequestPorts,
  refusalOf,
  sendByToken,
  serviceTime,
  type TokenReply,
  type TokenRequest,
} from './token-request.ts';

export interface AskerPorts extends RequestPorts {
  readonly keys: Pick<TokenKeyring, 'signing' | 'receiving'>;
  readonly peers: Pick<Peers, 'of'>;
  pause(ms: number): Promise<void>;
}

/** Less than a browser leaves to an idle worker. */
const WAIT_S = 20;
/** Until a service that did not answer is asked again, where it does not say itself. */
const PAUSE_MS = 1_000;

/** Asks the phone that a token is paired with, through the service, which can read no code (docs/PROTOCOL.md, Approval). */
export function createApprovalAsker(ports: AskerPorts): ApprovalAsker {
  /** Device time before which the service is not asked again about a question, by its id. */
  const askAgainAt = new Map<string, number>();
  const settled = <T>(act: () => Promise<T>, failed: (reason: ApprovalRefusal) => T) =>
    act().catch((error: unknown) => failed(isLockedError(error) ? 'locked' : 'vault'));
  return {
    ask: (wish) =>
      settled(async () => {
        const first = await ask(ports, wish, false);
        // The device's clock may have been set since it was measured: the question has a time of its own.
        return first.kind === 'refused' && first.reason === 'clock' ? ask(ports, wish, true) : first;
      }, refused),
    answer: (token, approval) => settled(() => answer(ports, token, approval, askAgainAt), refused),
    withdraw: (token, id) =>
      settled(
        async () => {
          await request(ports, token, { method: 'DELETE', path: `/v1/token/approvals/${id}` });
        },
        () => undefined,
      ),
  };
}

const refused = (reason: ApprovalRefusal) => ({ kind: 'refused', reason }) as const;

async function ask(ports: AskerPorts, wish: ApprovalWish, remeasure: boolean): Promise<AskOutcome> {
  const { token, origin, screen, confirmation } = wish;
  const { clock, keys, randomBytes } = ports;
  const timeMs = await serviceTime(ports, token.institution, remeasure);
  if (timeMs === undefined) return refused('approval-unreachable');
  const asked: ApprovalRequest = {
    approval: base64url.encode(randomBytes(16)),
    tokenId: token.id,
    origin,
    screen,
    number: twoDigits(randomBytes),
    ...(confirmation !== undefined && { confirmation }),
    iat: Math.floor(timeMs / 1000),
  };
  const jws = await signByToken(await keys.signing(token.id), JWT_TYPES.approvalRequest, asked);
  const sent = clock();
  const heard = await request(ports, token, {
    method: 'POST',
    path: '/v1/token/approvals',
    body: { request: jws },
  });
  if (heard.kind !== 'heard') return refused(heard.reason);
  const { approval: id, now, expiresAt, status } = heard.approval;
  if (id !== asked.approval || status !== 'waiting') return refused('approval-untrusted');
  // From when it was sent: rather a moment early than late.
  const until = sent + Date.parse(expiresAt) - now;
  return { kind: 'asked', approval: { id, request: jws, number: asked.number, until } };
}

/** 10 to 99, each as likely. */
function twoDigits(randomBytes: RandomBytes): string {
  for (;;) {
    const [byte = 0] = randomBytes(1);
    if (byte < 2 * 90) return String(10 + (byte % 90));
  }
}

/** A network that is gone for a moment ends nothing, nor does a service that asks to wait: the phone may have been asked already. */
async function answer(
  ports: AskerPorts,
  token: TokenSummary,
  { id, request: asked, until }: AskedApproval,
  askAgainAt: Map<string, number>,
): Promise<ApprovalAnswer> {
  const { clock, pause } = ports;
  const paused = Math.min(askAgainAt.get(id) ?? 0, until) - clock();
  if (paused > 0) {
    await pause(Math.min(paused, WAIT_S * 1000));
    return { kind: 'waiting' };
  }
  askAgainAt.delete(id);
  const heard = await request(ports, token, {
    method: 'GET',
    path: `/v1/token/approvals/${id}`,
    wait: { seconds: WAIT_S },
  });
  if (heard.kind === 'unanswered') {
    askAgainAt.set(id, clock() + Math.max(heard.retryAfterMs, PAUSE_MS));
    return { kind: 'waiting' };
  }
  if (heard.kind === 'refused') return heard;
  const { approval } = heard;
  if (approval.approval !== id) return refused('approval-untrusted');
  if (approval.status === 'waiting') return { kind: 'waiting' };
  if (approval.status !== 'approved') return refused(`approval-${approval.status}`);
  const code = await openCode(ports, token, { approval: id, request: asked }, approval.decision);
  return code === undefined ? refused('approval-untrusted') : { kind: 'approved', code };
}

/** Only of the device whose key was kept from the pairing, for this very request, and encrypted to this device. */
async function openCode(
  { keys, peers }: AskerPorts,
  token: TokenSummary,
  asked: { readonly approval: string; readonly request: string },
  decision: string | undefined,
): Promise<string | undefined> {
  const [decider] = await peers.of(token.id);
  if (decider === undefined || decision === undefined) return undefined;
  const signed = await readApprovalDecision(decision, decider.signingKey, asked);
  if (signed?.decision !== 'approved') return undefined;
  return decryptCode(signed.code, await keys.receiving(token.id));
}

type Heard =
  | { readonly kind: 'heard'; readonly approval: Approval }
  | { readonly kind: 'refused'; readonly reason: ApprovalRefusal }
  /** The same request can be sent again. */
  | { readonly kind: 'unanswered'; readonly reason: ApprovalRefusal; readonly retryAfterMs: number };

async function request(
  ports: AskerPorts,
  token: TokenSummary,
  asked: Pick<TokenRequest, 'method' | 'path' | 'body' | 'wait'>,
): Promise<Heard> {
  const institution = institutionByKey(token.institution);
  if (institution === undefined) return refused('approval-unpaired');
  const reply = await sendByToken(ports, { institution, keys: await ports.keys.signing(token.id), ...asked });
  return heardOf(institution, reply);
}

async function heardOf(institution: PinnedInstitution, reply: TokenReply): Promise<Heard> {
  if (reply.kind === 'unreachable')
    return { kind: 'unanswered', reason: 'approval-unreachable', retryAfterMs: 0 };
  if (reply.kind === 'refused') {
    const { status, code, retryAfterMs } = reply;
    const reason = reasonOf(status, code);
    return refusalOf(status) === 'unreachable'
      ? { kind: 'unanswered', reason, retryAfterMs }
      : refused(reason);
  }
  const { data } = approvalResponseSchema.safeParse(reply.answer);
  const approval = data && (await readSigned(institution, JWT_TYPES.approval, data.approval, approvalSchema));
  if (approval?.proof !== reply.proof) return refused('approval-untrusted');
  return { kind: 'heard', approval };
}

function reasonOf(status: number, code: string | undefined): ApprovalRefusal {
  switch (status) {
    case 400:
    case 401:
      return 'clock';
    case 403:
      return 'approval-unpaired';
    case 404:
      return GONE.get(code ?? '') ?? 'approval-unreachable';
    case 409:
      return 'token-over';
    case 429:
      return 'approval-limited';
    default:
      return 'approval-unreachable';
  }
}

/** By the code of a 404: the device was removed, or the token is gone with all of them; the question was forgotten after its end. */
const GONE: ReadonlyMap<string, ApprovalRefusal> = new Map([
  ['token_unknown', 'approval-unpaired'],
  ['not_found', 'approval-expired'],
]);
