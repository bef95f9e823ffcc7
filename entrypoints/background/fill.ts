import {
  decideConfirmation,
  decideRelease,
  decideSender,
  type GateInput,
  type Sender,
} from '../../core/autofill/gate.ts';
import { screenAsking } from '../../core/autofill/screens.ts';
import type { FillRefusal, FillReply, FillRequest } from '../../core/messages/fill.ts';
import { codeAt, remainingMs, stepAt } from '../../core/otp/totp.ts';
import type { Clock, ClockKeeper, TokenReader } from '../../core/ports.ts';
import { VaultError } from '../../core/vault/errors.ts';
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
  readonly grants: Pick<FillGrants, 'take' | 'prolong'>;
  readonly clock: Clock;
  readonly clockKeeper: ClockKeeper;
  readonly desk: Pick<ConfirmationDesk, 'ofInstitution' | 'code'>;
}

/** A request of an institution's page, and whether the customer stands behind it. */
interface Asked {
  readonly asking: Pick<
    GateInput,
    'sender' | 'ownExtensionId' | 'institutions' | 'request' | 'askedByCustomer'
  >;
  /** Its key. */
  readonly institution: string;
}

/** Releases codes to recognised screens: one step once, one confirmation once in a document. */
export function createFiller(ports: FillerPorts) {
  const { vault, isLocked, tokensOnRequest, grants, clock, desk } = ports;

  /** @param remeasure whether the clock is asked even where it was measured lately */
  async function attempt({ asking, institution }: Asked, remeasure: boolean): Promise<FillReply> {
    const { sender } = asking;
    const [locked, tokens, selected, onRequest, filledScreens, offset] = await Promise.all([
      isLocked(),
      vault.list(),
      vault.selected(),
      tokensOnRequest(),
      ports.filledScreens.of(sender),
      currentOffset(ports, institution, remeasure),
    ]);
    const deviceMs = clock();
    const known = {
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
    const code = await codeAt(await vault.openKey(token.id), token.parameters, timeMs);
    if (await claimStep(token.id, stepAt(timeMs, token.parameters))) return { kind: 'code', code };
    // Asked again in one step: the bank may have refused the code because of the clock.
    if (!remeasure) return attempt({ asking, institution }, true);
    const waitMs = remainingMs(timeMs, token.parameters);
    // The customer asked once; the page asks again when the next code is there.
    if (asking.askedByCustomer) await grants.prolong(sender, waitMs);
    return { kind: 'wait', waitMs };
  }

  /** The code of the confirmed transfer that the page shows. */
  async function confirm({ asking, institution }: Asked): Promise<FillReply> {
    const [locked, tokens, onRequest, confirmations] = await Promise.all([
      isLocked(),
      vault.list(),
      tokensOnRequest(),
      desk.ofInstitution(institution),
    ]);
    const decision = decideConfirmation({ ...asking, locked, tokens, onRequest, confirmations });
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
    async fill(request: FillRequest, sender: Sender): Promise<FillReply> {
      try {
        const from = { sender, ownExtensionId: browser.runtime.id, institutions };
        const judged = decideSender({ ...from, page: request });
        if (judged.kind === 'refuse') return refused(judged.reason);
        const asking = { ...from, request, askedByCustomer: await grants.take(sender) };
        const asked = { asking, institution: judged.institution.key };
        return screenAsking('confirmation', request.screen)
          ? await confirm(asked)
          : await attempt(asked, false);
      } catch (error) {
        // Locked since the gate was passed.
        return refused(error instanceof VaultError && error.failure === 'locked' ? 'locked' : 'vault');
      }
    },
  };
}

const refused = (reason: FillRefusal): FillReply => ({ kind: 'refused', reason });
