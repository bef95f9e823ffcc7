import type { ApprovalWish } from '../../core/autofill/approval.ts';
import type { GateInput, Sender } from '../../core/autofill/asking.ts';
import {
  decideConfirmation,
  decideRelease,
  decideSender,
  type GateDecision,
} from '../../core/autofill/gate.ts';
import { screenAsking, screensOf } from '../../core/autofill/screens.ts';
import type { PinnedInstitution } from '../../core/institution/directory.ts';
import type { FillRefusal, FillReply, FillRequest } from '../../core/messages/fill.ts';
import { remainingMs } from '../../core/otp/totp.ts';
import { isLockedError } from '../../core/vault/errors.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { browser } from '../../platform/browser.ts';
import { institutions } from '../../platform/directory.ts';
import { claimConfirmation } from '../../platform/storage/filled.ts';
import type { PageApprovals, PendingQuestion } from './approvals.ts';
import { type CodeMaker, createCodeMaker } from './code-maker.ts';
import type { ConfirmationDesk } from './confirmations.ts';
import type { FillGrants } from './fill-grants.ts';
import { createReadAhead, type Known, type KnownPorts, type ReadAhead, readKnown } from './known.ts';

interface FillerPorts extends KnownPorts {
  readonly approvals: Pick<PageApprovals, 'pendingFor' | 'ask' | 'answer'>;
  readonly grants: Pick<FillGrants, 'heard' | 'take' | 'prolong'>;
  readonly desk: Pick<ConfirmationDesk, 'ofInstitution' | 'unboundOf' | 'code'>;
}

interface PasswordPorts extends FillerPorts {
  readonly ahead: ReadAhead;
  readonly maker: CodeMaker;
}

/** A request of an institution's page, and whether the customer asked for it. */
interface Asked {
  readonly asking: Pick<GateInput, 'sender' | 'ownExtensionId' | 'institutions' | 'request'>;
  /** What another device was asked for this screen, and did not answer yet. */
  readonly pending: Promise<PendingQuestion | undefined>;
  /** Whether the customer asked, now or for what is pending, found out while the vault is read. */
  readonly byCustomer: Promise<boolean>;
  /** Its key. */
  readonly institution: string;
}

/** Releases codes to recognised screens: each step once, each confirmation once in a document. */
export function createFiller(ports: FillerPorts) {
  const ahead = createReadAhead(ports);
  const maker = createCodeMaker(ports.vault);
  return {
    /** A page is being read that may ask for a code: reads ahead what that needs, and gets the code's parts. */
    async prepare(sender: Sender): Promise<void> {
      const judged = decideSender({ ...from(sender), page: { screen: '' } });
      if (judged.kind === 'refuse') return;
      const { institution } = judged;
      // A failure is reported to the request for the code.
      const known = await ahead.begin(sender, institution.key)?.catch(() => undefined);
      const expected = known && expectedCode(ports, sender, institution, known);
      if (expected) maker.expect(expected.token, expected.timeMs);
    },
    /** What the gate needs to know, read ahead where it was. */
    known: ahead.take,
    async fill(request: FillRequest, sender: Sender): Promise<FillReply> {
      try {
        const judged = decideSender({ ...from(sender), page: request });
        if (judged.kind === 'refuse') {
          void ports.grants.heard(sender);
          return refused(judged.reason);
        }
        const asking = { ...from(sender), request };
        const pending = ports.approvals.pendingFor(sender, request.screen);
        const taken = ports.grants.take(sender);
        const byCustomer = Promise.all([taken, pending]).then(
          ([now, then]) => now || then?.byCustomer === 'yes',
        );
        const asked = { asking, pending, byCustomer, institution: judged.institution.key };
        return screenAsking('confirmation', request.screen)
          ? await confirmationCodeFor(ports, asked)
          : await passwordFor({ ...ports, ahead, maker }, asked);
      } catch (error) {
        // The vault was locked after the gate was passed.
        return refused(isLockedError(error) ? 'locked' : 'vault');
      }
    },
  };
}

/** The token whose code a page asks for if it asks what most do, and when; none where another device would make it. */
function expectedCode(
  { clock }: FillerPorts,
  sender: Sender,
  institution: PinnedInstitution,
  { offset, ...known }: Known,
) {
  const screen = screensOf(institution).find(({ asks, beside }) => asks === 'password' && !beside[0]);
  const request = { type: 'fill.request', screen: screen?.id ?? '', maxLength: -1 } as const;
  const now = { deviceMs: clock(), offsetMs: offset?.offsetMs };
  const decision = decideRelease({ ...from(sender), request, ...known, ...now, askedByCustomer: false });
  if (decision.kind === 'refuse' || decision.token?.decider !== undefined) return undefined;
  const { token, timeMs } = decision;
  return token && { token, timeMs };
}

const from = (sender: Sender) => ({ sender, ownExtensionId: browser.runtime.id, institutions });

/** The one-time password of a step that was not claimed before, or the time until the next one. */
async function passwordFor(ports: PasswordPorts, asked: Asked): Promise<FillReply> {
  const { sender } = asked.asking;
  const first = await attempt(ports, asked, ports.ahead.take(sender, asked.institution));
  if (first.kind !== 'wait') return first;
  // A second request in one step: the bank may have refused the code because of the clock.
  const again = await attempt(ports, asked, readKnown(ports, sender, asked.institution, true));
  // Where it could not be measured again, what was measured before counts.
  const reply = again.kind === 'refused' && again.reason === 'clock' ? first : again;
  // The customer's wish counts again when the page asks for the next code.
  if (reply.kind === 'wait' && (await asked.byCustomer)) await ports.grants.prolong(sender, reply.waitMs);
  return reply;
}

async function attempt(
  ports: PasswordPorts,
  asked: Asked,
  reading: ReturnType<typeof readKnown>,
): Promise<FillReply> {
  const decision = await decidePassword(ports, asked, reading);
  if (decision.kind === 'refuse') return refused(decision.reason);
  const { token } = decision;
  if (token?.decider === undefined) return passwordsOf(ports, decision);
  const answer = await approval(ports, asked, { token });
  if (answer.kind !== 'approved') return answer;
  const { sender } = asked.asking;
  const again = await decidePassword(ports, asked, readKnown(ports, sender, asked.institution, false));
  if (again.kind === 'refuse') return refused(again.reason);
  if (again.token?.id !== token.id || !(await claimConfirmation(token.id, answer.id)))
    return refused('field-changed');
  return passwordsOf(ports, again, answer.code);
}

/** Whether a password may go to the page, by all that is known now. */
async function decidePassword(
  { clock }: FillerPorts,
  { asking, byCustomer }: Asked,
  reading: ReturnType<typeof readKnown>,
): Promise<GateDecision> {
  const [askedByCustomer, { offset, ...known }] = await Promise.all([byCustomer, reading]);
  const now = { deviceMs: clock(), offsetMs: offset?.offsetMs };
  return decideRelease({ ...asking, ...known, ...now, askedByCustomer });
}

/** @param sent the code of the screen's own field, where another device has sent it */
async function passwordsOf(
  { maker }: PasswordPorts,
  { token, beside = [], timeMs }: Extract<GateDecision, { kind: 'release' }>,
  sent?: string,
): Promise<FillReply> {
  const own = sent === undefined ? token : undefined;
  const ofCodes = [own, ...beside.map((field) => (field.gives === 'code' ? field.token : undefined))];
  const codes = await codesOf(maker, ofCodes, timeMs);
  if (!codes) return { kind: 'wait', waitMs: untilNext(ofCodes, timeMs) };
  const codeFor = (one: TokenSummary | undefined) => codes.get(one?.id ?? '') ?? '';
  return {
    kind: 'code',
    code: sent ?? codeFor(token),
    ...(beside[0] && {
      beside: beside.map((field) =>
        field.gives === 'code' ? codeFor(field.token) : (field.token?.serial ?? ''),
      ),
    }),
  };
}

type Approved = { readonly kind: 'approved'; readonly id: string; readonly code: string };

/** Asks the device that makes a token's codes; or, where it has been asked, waits a while for its answer. */
async function approval(
  { approvals }: FillerPorts,
  { asking, pending, byCustomer }: Asked,
  wish: Pick<ApprovalWish, 'token' | 'confirmation'>,
): Promise<FillReply | Approved> {
  const { sender, request } = asking;
  const waiting = await pending;
  if (waiting?.tokenId !== wish.token.id || waiting.confirmation !== wish.confirmation) {
    const page = { origin: sender.origin ?? '', screen: request.screen };
    const outcome = await approvals.ask(sender, { ...page, ...wish }, await byCustomer);
    return outcome.kind === 'asked' ? inApproval(outcome.pending) : outcome;
  }
  const answer = await approvals.answer(waiting);
  if (answer.kind === 'waiting') return inApproval(waiting);
  return answer.kind === 'approved' ? { ...answer, id: waiting.id } : answer;
}

const inApproval = ({ number, until }: PendingQuestion): FillReply => ({ kind: 'approval', number, until });

/** The code of each token, by its id, or none where the step of one was claimed before. */
async function codesOf(
  maker: CodeMaker,
  wanted: readonly (TokenSummary | undefined)[],
  timeMs: number,
): Promise<ReadonlyMap<string, string> | undefined> {
  const tokens = [...new Set(wanted)].flatMap((token) => token ?? []);
  const codes = await Promise.all(tokens.map((token) => maker.code(token, timeMs)));
  return codes.includes(undefined) ? undefined : new Map(tokens.map(({ id }, at) => [id, codes[at] ?? '']));
}

/** When each of some tokens has its next code. */
const untilNext = (tokens: readonly (TokenSummary | undefined)[], timeMs: number) =>
  Math.max(...tokens.flatMap((token) => (token ? remainingMs(timeMs, token.parameters) : [])));

/** The code of the confirmed transfer that the page shows. */
async function confirmationCodeFor(ports: FillerPorts, asked: Asked): Promise<FillReply> {
  const decision = await decideTransaction(ports, asked);
  if (decision.kind === 'refuse') return refused(decision.reason);
  const { confirmation, decidedBy } = decision;
  const { tokenId, canonical, details } = confirmation;
  let code: string;
  if (decidedBy === undefined) {
    const made = await ports.desk.code(tokenId, canonical);
    if (made.kind !== 'made') return refused('confirmation-missing');
    code = made.code;
  } else {
    const answer = await approval(ports, asked, { token: decidedBy, confirmation: details.confirmation });
    if (answer.kind !== 'approved') return answer;
    const again = await decideTransaction(ports, asked);
    if (again.kind === 'refuse') return refused(again.reason);
    if (again.confirmation.canonical !== canonical) return refused('confirmation-differs');
    code = answer.code;
  }
  // Once in a document, unless the customer asks: after a wrong 確認用パスワード the bank shows a new one.
  const place = `${details.confirmation} ${asked.asking.sender.documentId}`;
  const first = await claimConfirmation(tokenId, place);
  if (!first && !(await asked.byCustomer)) return refused('field-changed');
  return { kind: 'code', code };
}

/** Whether the code of a transaction may go to the page, by all that is known now, and the token that another device decides for. */
async function decideTransaction(
  { vault, isLocked, tokensOnRequest, desk }: FillerPorts,
  { asking, institution, byCustomer }: Asked,
) {
  const [askedByCustomer, locked, tokens, onRequest, confirmations] = await Promise.all([
    byCustomer,
    isLocked(),
    vault.list(),
    tokensOnRequest(),
    desk.ofInstitution(institution),
  ]);
  const known = { askedByCustomer, locked, tokens, onRequest, confirmations };
  const decision = decideConfirmation({ ...asking, ...known });
  if (decision.kind === 'refuse') return decision;
  const { tokenId } = decision.confirmation;
  const decidedBy = tokens.find(({ id, decider }) => id === tokenId && decider !== undefined);
  return { ...decision, decidedBy };
}

const refused = (reason: FillRefusal): FillReply => ({ kind: 'refused', reason });
