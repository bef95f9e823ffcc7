import type { GateInput, Sender } from '../../core/autofill/asking.ts';
import { decideConfirmation, decideRelease, decideSender } from '../../core/autofill/gate.ts';
import { screenAsking } from '../../core/autofill/screens.ts';
import type { Clock } from '../../core/clock.ts';
import type { FillRefusal, FillReply, FillRequest } from '../../core/messages/fill.ts';
import { codeAt, remainingMs, stepAt } from '../../core/otp/totp.ts';
import type { ClockKeeper, ClockOffset } from '../../core/vault/clock.ts';
import { isLockedError } from '../../core/vault/errors.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import type { TokenReader } from '../../core/vault/vault.ts';
import { browser } from '../../platform/browser.ts';
import { institutions } from '../../platform/directory.ts';
import { currentOffset } from '../../platform/service/token-request.ts';
import { claimConfirmation, claimStep } from '../../platform/storage/filled.ts';
import type { ConfirmationDesk } from './confirmations.ts';
import type { FillGrants } from './fill-grants.ts';
import type { FilledScreens } from './filled-screens.ts';

interface FillerPorts {
  /** Tells of the tokens even while it is locked. */
  readonly vault: TokenReader;
  isLocked(): Promise<boolean>;
  /** Ids of the tokens that fill only on request. */
  tokensOnRequest(): Promise<readonly string[]>;
  readonly filledScreens: Pick<FilledScreens, 'of'>;
  readonly grants: Pick<FillGrants, 'heard' | 'take' | 'prolong'>;
  readonly clock: Clock;
  readonly clockKeeper: ClockKeeper;
  readonly desk: Pick<ConfirmationDesk, 'ofInstitution' | 'code'>;
}

/** Whether it is locked, the tokens, the one chosen, those on request, the document's filled screens, and the clock's offset. */
type Known = Promise<
  [boolean, readonly TokenSummary[], string | undefined, readonly string[], string[], ClockOffset | undefined]
>;

/** A request of an institution's page, and whether the customer stands behind it. */
interface Asked {
  readonly asking: Pick<GateInput, 'sender' | 'ownExtensionId' | 'institutions' | 'request'>;
  /** Found out while the vault is read. */
  readonly byCustomer: Promise<boolean>;
  /** Its key. */
  readonly institution: string;
}

/** What is read ahead counts so long, in milliseconds: a page is read in less. */
const AHEAD_MS = 1_000;

/** Releases codes to recognised screens: one step once, one confirmation once in a document. */
export function createFiller(ports: FillerPorts) {
  const { vault, isLocked, tokensOnRequest, grants, clock, desk } = ports;

  /** What was read for one document, of one institution; the next document's pushes it out. */
  let ahead: { documentId: string; institution: string; until: number; known: Known } | undefined;

  /** What is known of the vault and the page, whoever asks. */
  function readKnown(sender: Sender, institution: string, remeasure: boolean): Known {
    return Promise.all([
      isLocked(),
      vault.list(),
      vault.selected(),
      tokensOnRequest(),
      ports.filledScreens.of(sender),
      currentOffset(ports, institution, remeasure),
    ]);
  }

  /** Once, and soon: it is gone with that. */
  function takeAhead({ documentId }: Sender, institution: string): Known | undefined {
    const taken = ahead;
    if (taken?.documentId !== documentId || taken?.institution !== institution) return undefined;
    ahead = undefined;
    return clock() < taken.until ? taken.known : undefined;
  }

  /** @param remeasure whether the clock is asked even where it was measured lately */
  async function attempt(asked: Asked, remeasure: boolean): Promise<FillReply> {
    const { asking, institution, byCustomer } = asked;
    const { sender } = asking;
    const reading =
      (!remeasure && takeAhead(sender, institution)) || readKnown(sender, institution, remeasure);
    const [askedByCustomer, [locked, tokens, selected, onRequest, filledScreens, offset]] = await Promise.all(
      [byCustomer, reading],
    );
    const deviceMs = clock();
    const known = {
      askedByCustomer,
      locked,
      tokens,
      selected,
      onRequest,
      filledScreens,
      deviceMs,
      offsetMs: offset?.offsetMs,
    };
    const decision = decideRelease({ ...asking, ...known });
    if (decision.kind === 'refuse') return refused(decision.reason);
    const { token, timeMs } = decision;
    // At once, for the customer waits: a key that does not open costs the step.
    const [key, isClaimed] = await Promise.all([
      vault.openKey(token.id),
      claimStep(token.id, stepAt(timeMs, token.parameters)),
    ]);
    if (isClaimed) return { kind: 'code', code: await codeAt(key, token.parameters, timeMs) };
    // Asked again in one step: the bank may have refused the code because of the clock.
    if (!remeasure) return attempt(asked, true);
    const waitMs = remainingMs(timeMs, token.parameters);
    // The customer asked once; the page asks again when the next code is there.
    if (askedByCustomer) await grants.prolong(sender, waitMs);
    return { kind: 'wait', waitMs };
  }

  /** The code of the confirmed transfer that the page shows. */
  async function confirm({ asking, institution, byCustomer }: Asked): Promise<FillReply> {
    const [askedByCustomer, locked, tokens, onRequest, confirmations] = await Promise.all([
      byCustomer,
      isLocked(),
      vault.list(),
      tokensOnRequest(),
      desk.ofInstitution(institution),
    ]);
    const decision = decideConfirmation({
      ...asking,
      askedByCustomer,
      locked,
      tokens,
      onRequest,
      confirmations,
    });
    if (decision.kind === 'refuse') return refused(decision.reason);
    const { tokenId, canonical, details } = decision.confirmation;
    const made = await desk.code(tokenId, canonical);
    if (made === undefined) return refused('confirmation-missing');
    // Once in a document: the page that comes after a wrong 確認用パスワード is another.
    const place = `${details.confirmation} ${asking.sender.documentId}`;
    if (!(await claimConfirmation(tokenId, place))) return refused('field-changed');
    return { kind: 'code', code: made.code };
  }

  return {
    /** A page is being read that may ask for a code: what that takes is read meanwhile. */
    prepare(sender: Sender): void {
      const { documentId } = sender;
      const judged = decideSender({
        sender,
        ownExtensionId: browser.runtime.id,
        institutions,
        page: { screen: '' },
      });
      if (documentId === undefined || judged.kind === 'refuse') return;
      const { key: institution } = judged.institution;
      const known = readKnown(sender, institution, false);
      // The one that asks for the code hears of it.
      known.catch(() => undefined);
      ahead = { documentId, institution, until: clock() + AHEAD_MS, known };
    },
    async fill(request: FillRequest, sender: Sender): Promise<FillReply> {
      try {
        const from = { sender, ownExtensionId: browser.runtime.id, institutions };
        const judged = decideSender({ ...from, page: request });
        if (judged.kind === 'refuse') {
          void grants.heard(sender);
          return refused(judged.reason);
        }
        const asking = { ...from, request };
        const byCustomer = grants.take(sender);
        const asked = { asking, byCustomer, institution: judged.institution.key };
        return screenAsking('confirmation', request.screen)
          ? await confirm(asked)
          : await attempt(asked, false);
      } catch (error) {
        // Locked since the gate was passed.
        return refused(isLockedError(error) ? 'locked' : 'vault');
      }
    },
  };
}

const refused = (reason: FillRefusal): FillReply => ({ kind: 'refused', reason });
