import type { Sender } from '../../core/autofill/asking.ts';
import { decideRelease, decideSender, type GateDecision } from '../../core/autofill/gate.ts';
import { screenAsking, screensOf } from '../../core/autofill/screens.ts';
import type { PinnedInstitution } from '../../core/institution/directory.ts';
import type { FillReply, FillRequest } from '../../core/messages/fill.ts';
import { remainingMs } from '../../core/otp/totp.ts';
import { isLockedError } from '../../core/vault/errors.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { browser } from '../../platform/browser.ts';
import { institutions } from '../../platform/directory.ts';
import { claimConfirmation } from '../../platform/storage/filled.ts';
import { type CodeMaker, createCodeMaker } from './code-maker.ts';
import { type Asked, approval, type FillerPorts, refused } from './fill-asked.ts';
import { confirmationCodeFor } from './fill-transaction.ts';
import { createReadAhead, type Known, type ReadAhead, readKnown } from './known.ts';

interface PasswordPorts extends FillerPorts {
  readonly ahead: ReadAhead;
  readonly maker: CodeMaker;
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
        const pressed = ports.grants.take(sender);
        const byCustomer = Promise.all([pressed, pending]).then(
          ([now, then]) => now || then?.byCustomer === 'yes',
        );
        const asked = { asking, pending, pressed, byCustomer, institution: judged.institution.key };
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
  const taken = await ports.approvals.take(answer.question);
  if (again.kind === 'refuse') return refused(again.reason);
  if (!taken) return refused('approval-withdrawn');
  if (again.token?.id !== token.id || !(await claimConfirmation(token.id, answer.question.id)))
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
