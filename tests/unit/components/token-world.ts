import { expect, vi } from 'vitest';
import type { TokenModel, TokenPorts } from '../../../components/token-model.ts';
import type { PageState } from '../../../core/autofill/bank-page.ts';
import { importKey } from '../../../core/otp/totp.ts';
import type { ClockOffset } from '../../../core/vault/clock.ts';
import { VaultError, type VaultFailure } from '../../../core/vault/errors.ts';
import type { TokenSummary } from '../../../core/vault/token.ts';
import { aToken } from './tokens.ts';

export const START = Date.UTC(2026, 10, 21, 0, 0, 0);
export const { parameters } = aToken();
export const key = await importKey(new Uint8Array(32).fill(7), parameters);

/** A world in which time moves only by hand, and everything asked for is noted. */
export class World {
  now = START + 10_250;
  tokens: TokenSummary[] = [aToken()];
  selectedId: string | undefined;
  stored: ClockOffset | undefined = { offsetMs: 0, measuredAt: START };
  measured: ClockOffset | undefined = { offsetMs: 0, measuredAt: START };
  report: PageState | undefined;
  keyFails: VaultFailure | undefined;
  listFails = false;
  isFull = false;
  asked: string[] = [];
  timer: { at: number; run: () => void } | undefined;

  /** What a lock or unlocking on another page does. */
  lockChanged: () => void = () => undefined;

  /** Has storage answer that did not. */
  recover: () => void = () => undefined;

  readonly ports: TokenPorts = {
    watchLock: (changed) => {
      this.lockChanged = changed;
    },
    clock: () => this.now,
    storageRecovered: () =>
      new Promise((resolve) => {
        this.recover = resolve;
      }),
    vault: {
      list: async () => {
        if (this.listFails) throw new VaultError('unavailable');
        return this.tokens;
      },
      openKey: async (id) => {
        this.asked.push(`key ${id}`);
        if (this.keyFails) throw new VaultError(this.keyFails);
        return key;
      },
      selected: async () => this.selectedId,
      select: async (id) => {
        if (this.isFull) throw new VaultError('full');
        this.selectedId = id;
      },
    },
    clockKeeper: {
      offset: async () => this.stored,
      measure: async () => {
        this.asked.push('measure');
        return this.measured;
      },
    },
    bankPage: {
      report: async () => {
        this.asked.push('report');
        return this.report;
      },
      fill: async () => {
        this.asked.push('fill');
        return { kind: 'filled', screen: 'BLI023', at: this.now };
      },
      cancel: async () => undefined,
    },
    schedule: (run, ms) => {
      const timer = { at: this.now + ms, run };
      this.timer = timer;
      return () => {
        if (this.timer === timer) this.timer = undefined;
      };
    },
  };

  /** Moves the clock, running the timer whenever it is due, and lets answers come in. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    while (this.timer && this.timer.at <= end) {
      const { at, run } = this.timer;
      this.timer = undefined;
      this.now = at;
      run();
      await settled();
    }
    this.now = end;
  }

  /** Sets the device's clock, which no time passes by. */
  setClock(byMs: number): void {
    this.now += byMs;
    if (this.timer) this.timer.at += byMs;
  }
}

/** Promises have had their turn. A code may still be on its way: WebCrypto makes it in another thread. */
export const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

export const showsCode = (model: TokenModel, code: string) =>
  vi.waitFor(() => expect(model.view.value?.code).toBe(code), 20_000);
