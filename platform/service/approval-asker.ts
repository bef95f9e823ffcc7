import { base64url } from 'jose';
import type { ApprovalRequest } from '../../core/api/approval.ts';
import { JWT_TYPES } from '../../core/api/token.ts';
import type {
  ApprovalAnswer,
  ApprovalAsker,
  ApprovalRefusal,
  ApprovalWish,
  AskedApproval,
  AskOutcome,
} from '../../core/autofill/approval.ts';
import { decryptCode, readApprovalDecision } from '../../core/pairing/messages.ts';
import { isLockedError } from '../../core/vault/errors.ts';
import type { RandomBytes } from '../../core/vault/seal.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import type { Peers } from '../storage/peers.ts';
import type { TokenKeyring } from '../storage/token-keys.ts';
import { type Heard, requestApproval } from './approval-request.ts';
import { signByToken } from './proof.ts';
import { type RequestPorts, serviceTime } from './token-request.ts';

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
    withdraw: (token, id) => withdraw(ports, token, id),
  };
}

async function withdraw(ports: AskerPorts, token: TokenSummary, id: string): Promise<void> {
  const path = `/v1/token/approvals/${id}`;
  await requestApproval(ports, token, { method: 'DELETE', path }).catch(() => undefined);
}

const refused = (reason: ApprovalRefusal) => ({ kind: 'refused', reason }) as const;

async function ask(ports: AskerPorts, wish: ApprovalWish, remeasure: boolean): Promise<AskOutcome> {
  const { token, origin, screen, confirmation } = wish;
  const { keys, randomBytes } = ports;
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
  const { first, answer, sent } = await send(ports, token, jws);
  if (answer.kind !== 'heard') {
    // It may be on the phone all the same, where nobody could answer it.
    if (isLost(first)) void withdraw(ports, token, asked.approval);
    return refused(answer.reason);
  }
  const { approval: id, now, expiresAt } = answer.approval;
  if (id !== asked.approval) return refused('approval-untrusted');
  // From when it was sent: rather a moment early than late.
  const until = sent + Date.parse(expiresAt) - now;
  return { kind: 'asked', approval: { id, request: jws, number: asked.number, until } };
}

/** Sends a question, and the same once more where its answer was lost: the service counts it once. `sent` is of the last time. */
async function send(ports: AskerPorts, token: TokenSummary, request: string) {
  const post = () =>
    requestApproval(ports, token, { method: 'POST', path: '/v1/token/approvals', body: { request } });
  const firstSent = ports.clock();
  const first = await post();
  if (!isLost(first) || first.retryAfterMs > WAIT_S * 1000) return { first, answer: first, sent: firstSent };
  await ports.pause(Math.max(first.retryAfterMs, PAUSE_MS));
  const sent = ports.clock();
  return { first, answer: await post(), sent };
}

/** Whether the service may have taken a question although it did not say so; one that asks too often is not taken. */
const isLost = (heard: Heard): heard is Extract<Heard, { kind: 'unanswered' }> =>
  heard.kind === 'unanswered' && heard.reason !== 'approval-limited';

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
  const heard = await requestApproval(ports, token, {
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
