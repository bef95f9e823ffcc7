import { codeAt, stepAt } from '../../core/otp/totp.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import type { TokenReader } from '../../core/vault/vault.ts';
import { claimStep, releaseStep } from '../../platform/storage/filled.ts';

type Maker = Pick<TokenSummary, 'id' | 'parameters'>;

/** What a code is made of: the token's key, and the claim to its step. */
interface Parts {
  readonly tokenId: string;
  readonly step: number;
  readonly key: Promise<CryptoKey>;
  readonly isClaimed: Promise<boolean>;
}

/** Milliseconds for which parts are kept; reading a page takes less. */
const KEPT_MS = 1_000;

/**
 * Makes codes, one for each step of a token. The parts of one can be got while the page is being read that may ask for it, as
 * the customer waits for them. A step that was claimed for nobody is given back. Whoever asks for a code knows that the vault is
 * not locked, as a key may have been opened before.
 */
export function createCodeMaker(vault: Pick<TokenReader, 'openKey'>) {
  let kept: Parts | undefined;
  /** Settles when what was given back can be claimed again. */
  let givenBack: Promise<unknown> = Promise.resolve();

  function get({ id, parameters }: Maker, timeMs: number): Parts {
    const step = stepAt(timeMs, parameters);
    const isClaimed = givenBack.then(() => claimStep(id, step));
    return { tokenId: id, step, key: vault.openKey(id), isClaimed };
  }

  /** For the first that asks, whichever page the parts were got for. */
  function take({ id, parameters }: Maker, timeMs: number): Parts | undefined {
    const taken = kept;
    if (taken?.tokenId !== id || taken.step !== stepAt(timeMs, parameters)) return undefined;
    kept = undefined;
    return taken;
  }

  function giveBack(): void {
    if (kept === undefined) return;
    givenBack = release(kept).catch(() => undefined);
    kept = undefined;
  }

  return {
    /** Gets the parts of a code that may be asked for soon. */
    expect(token: Maker, timeMs: number): void {
      giveBack();
      const parts = get(token, timeMs);
      kept = parts;
      // A failure is reported to the request for the code.
      Promise.all([parts.key, parts.isClaimed]).catch(() => undefined);
      setTimeout(() => kept === parts && giveBack(), KEPT_MS);
    },
    /** @returns undefined if the step was claimed before */
    async code(token: Maker, timeMs: number): Promise<string | undefined> {
      const parts = take(token, timeMs) ?? get(token, timeMs);
      // The key is opened in parallel, as the customer waits; a key that does not open costs the step.
      const [key, isClaimed] = await Promise.all([parts.key, parts.isClaimed]);
      return isClaimed ? codeAt(key, token.parameters, timeMs) : undefined;
    },
  };
}

async function release({ tokenId, step, isClaimed }: Parts): Promise<void> {
  if (await isClaimed) await releaseStep(tokenId, step);
}

export type CodeMaker = ReturnType<typeof createCodeMaker>;
