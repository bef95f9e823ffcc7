import { decideConfirmation, decideRelease, decideSender, type Sender } from '../../core/autofill/gate.ts';
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
import type { FilledScreens } from './filled-screens.ts';

interface FillerPorts {
  /** Tells of the tokens even while it is locked. */
  readonly vault: TokenReader;
  isLocked(): Promise<boolean>;
  /** Ids of the tokens that fill only on request. */
  tokensOnRequest(): Promise<readonly string[]>;
  readonly filledScreens: Pick<FilledScreens, 'of'>;
  readonly clock: Clock;
  readonly clockKeeper: ClockKeeper;
  readonly desk: Pick<ConfirmationDesk, 'ofInstitution' | 'code'>;
}

/** Releases codes to recognised screens: one step once, one confirmation once in a document. */
export function createFiller(ports: FillerPorts) {
  const { vault, isLocked, tokensOnRequest, clock, desk } = ports;

  /** @param remeasure whether the clock is asked even where it was measured lately */
  async function attempt(request: FillRequest, sender: Sender, remeasure: boolean): Promise<FillReply> {
    const asking = { sender, ownExtensionId: browser.runtime.id, institutions };
    const asked = decideSender({ ...asking, page: request });
    if (asked.kind === 'refuse') return refused(asked.reason);
    const [locked, tokens, selected, onRequest, filledScreens, offset] = await Promise.all([
      isLocked(),
      vault.list(),
      vault.selected(),
      tokensOnRequest(),
      ports.filledScreens.of(sender),
      currentOffset(ports, asked.institution.key, remeasure),
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
    const decision = decideRelease({ ...asking, request, ...known });
    if (decision.kind === 'refuse') return refused(decision.reason);
    const { token, timeMs } = decision;
    const code = await codeAt(await vault.openKey(token.id), token.parameters, timeMs);
    if (await claimStep(token.id, stepAt(timeMs, token.parameters))) return { kind: 'code', code };
    // Asked again in one step: the bank may have refused the code because of the clock.
    if (!remeasure) return attempt(request, sender, true);
    return { kind: 'wait', waitMs: remainingMs(timeMs, token.parameters) };
  }

  /** The code of the confirmed transfer that the page shows. */
  async function confirm(request: FillRequest, sender: Sender): Promise<FillReply> {
    const asking = { sender, ownExtensionId: browser.runtime.id, institutions };
    const asked = decideSender({ ...asking, page: request });
    if (asked.kind === 'refuse') return refused(asked.reason);
    const [locked, tokens, onRequest, confirmations] = await Promise.all([
      isLocked(),
      vault.list(),
      tokensOnRequest(),
      desk.ofInstitution(asked.institution.key),
    ]);
    const decision = decideConfirmation({ ...asking, request, locked, tokens, onRequest, confirmations });
    if (decision.kind === 'refuse') return refused(decision.reason);
    const { tokenId, canonical, details } = decision.confirmation;
    const made = await desk.code(tokenId, canonical);
    if (made === undefined) return refused('confirmation-missing');
    // Once in a document: the page that comes after a wrong 確認用パスワード is another.
    const place = `${details.confirmation} ${sender.documentId}`;
    if (!(await claimConfirmation(tokenId, place))) return refused('field-changed');
    return { kind: 'code', code: made.code };
  }

  return {
    async fill(request: FillRequest, sender: Sender): Promise<FillReply> {
      try {
        return screenAsking('confirmation', request.screen)
          ? await confirm(request, sender)
          : await attempt(request, sender, false);
      } catch (error) {
        // Locked since the gate was passed.
        return refused(error instanceof VaultError && error.failure === 'locked' ? 'locked' : 'vault');
      }
    },
  };
}

const refused = (reason: FillRefusal): FillReply => ({ kind: 'refused', reason });
