import { decideRelease, type KnownClock, type Sender } from '../../core/autofill/gate.ts';
import type { FillReply, FillRequest } from '../../core/messages/fill.ts';
import { codeAt, remainingMs, stepAt } from '../../core/otp/totp.ts';
import type { Clock, ClockKeeper, TokenReader } from '../../core/ports.ts';
import { isCurrent } from '../../core/vault/clock.ts';
import { browser } from '../../platform/browser.ts';
import { institutionByOrigin, institutions } from '../../platform/directory.ts';
import { claimStep } from '../../platform/storage/filled.ts';

interface FillerPorts {
  readonly vault: TokenReader;
  readonly clock: Clock;
  readonly clockKeeper: ClockKeeper;
}

/** Releases codes to recognised screens, one step once. */
export function createFiller({ vault, clock, clockKeeper }: FillerPorts) {
  /** @param remeasure whether the clock is asked even where it was measured lately */
  async function attempt(request: FillRequest, sender: Sender, remeasure: boolean): Promise<FillReply> {
    const [tokens, selected, known] = await Promise.all([
      vault.list(),
      vault.selected(),
      knownClock(sender.origin, remeasure),
    ]);
    const decision = decideRelease({
      sender,
      ownExtensionId: browser.runtime.id,
      request,
      institutions,
      tokens,
      selected,
      deviceMs: clock(),
      clock: known,
    });
    if (decision.kind === 'refuse') return { kind: 'refused', reason: decision.reason };
    const { token, timeMs } = decision;
    const code = await codeAt(await vault.openKey(token.id), token.parameters, timeMs);
    if (await claimStep(token.id, stepAt(timeMs, token.parameters))) return { kind: 'code', code };
    // Asked again in one step: the bank may have refused the code because of the clock.
    if (!remeasure) return attempt(request, sender, true);
    return { kind: 'wait', waitMs: remainingMs(timeMs, token.parameters) };
  }

  async function knownClock(origin: string | undefined, remeasure: boolean): Promise<KnownClock | undefined> {
    const institution = origin === undefined ? undefined : institutionByOrigin(origin);
    if (institution === undefined) return undefined;
    const kept = await clockKeeper.offset(institution.key);
    if (kept && !remeasure && isCurrent(kept, clock())) return { offsetMs: kept.offsetMs, explained: true };
    const measured = await clockKeeper.measure(institution.key);
    const offset = measured ?? kept;
    return offset && { offsetMs: offset.offsetMs, explained: measured !== undefined };
  }

  return {
    async fill(request: FillRequest, sender: Sender): Promise<FillReply> {
      try {
        return await attempt(request, sender, false);
      } catch {
        return { kind: 'refused', reason: 'vault' };
      }
    },
  };
}
