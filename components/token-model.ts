import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { BankPage, PageState } from '../core/autofill/bank-page.ts';
import type { Clock } from '../core/clock.ts';
import { codeAt } from '../core/otp/totp.ts';
import type { TokenStanding } from '../core/transaction/confirmations.ts';
import type { ClockKeeper } from '../core/vault/clock.ts';
import { isCurrent, NOTABLE_OFFSET_MS } from '../core/vault/clock.ts';
import { VaultError } from '../core/vault/errors.ts';
import type { TokenSummary } from '../core/vault/token.ts';
import type { TokenReader } from '../core/vault/vault.ts';
import { type ClockState, clockFault, lastOffset } from './clock-fault.ts';
import {
  type CodeView,
  codeView,
  initialState,
  reduceToken,
  reportIsStale,
  type StepCode,
  selectedToken,
  serviceTime,
  shownId,
  type TokenEvent,
  type TokenState,
  untilNextSecond,
  wantedSteps,
} from './token-state.ts';

export interface TokenPorts {
  readonly vault: TokenReader;
  /** Resolves when storage that failed as `stuck` or `blocked` answers after all. */
  storageRecovered(): Promise<void>;
  /** Calls back when any page may have locked or unlocked the vault. */
  watchLock(changed: () => void): void;
  readonly clock: Clock;
  readonly clockKeeper: ClockKeeper;
  readonly bankPage?: BankPage;
  /** Runs a function after `ms` milliseconds. @returns a function that cancels it */
  schedule(run: () => void, ms: number): () => void;
}

/** State and actions for the views. Nothing here rejects: failures are states. */
export interface TokenModel {
  readonly state: ReadonlySignal<TokenState>;
  readonly view: ReadonlySignal<CodeView | undefined>;
  /** The code's screen is shown: reads the vault, opens the key and starts the seconds. */
  show(): Promise<void>;
  /** The code's screen is hidden: drops key and codes, and stops the seconds. */
  hide(): void;
  /** Reads the vault again, after a change or a failure. */
  reload(): Promise<void>;
  select(id: string): Promise<void>;
  measureClock(): Promise<void>;
  fill(): Promise<void>;
  /** Applies the services' answers about the tokens. */
  stand(standings: readonly TokenStanding[]): void;
}

export function createTokenModel(ports: TokenPorts): TokenModel {
  const state = signal(initialState(ports.clock()));
  const work: Work = { ports, state, shown: false, turn: 0, triedMs: Infinity };
  // Before anything is read: a lock that came in between would never be heard of.
  ports.watchLock(() => void readVault(work));
  return {
    state,
    view: computed(() => codeView(state.value)),
    async show() {
      if (work.shown) return;
      work.shown = true;
      tick(work);
      await readVault(work);
      // it needs a script of its own, for which the code does not wait
      if (work.shown) void hearPage(work, ports.bankPage?.report());
    },
    hide() {
      if (!work.shown) return;
      work.shown = false;
      work.key = undefined;
      work.stopSeconds?.();
      dispatch(work, { kind: 'opened', opened: undefined });
    },
    reload: () => readVault(work),
    async select(id) {
      work.unkept = await ports.vault.select(id).then(
        () => undefined,
        () => id,
      );
      await readVault(work);
    },
    measureClock: () => measureClock(work, true),
    async fill() {
      if (ports.bankPage === undefined || state.peek().filling) return;
      dispatch(work, { kind: 'filling' });
      await hearPage(work, ports.bankPage.fill());
    },
    stand: (standings) => dispatch(work, { kind: 'stands', standings }),
  };
}

/** A service that did not say the time is asked again after this long, while the code is shown. */
const TRY_AGAIN_MS = 30_000;

/** A model's mutable state. */
interface Work {
  readonly ports: TokenPorts;
  readonly state: Signal<TokenState>;
  shown: boolean;
  /** Counts readings of the vault; results of earlier ones are dropped. One that is hidden meanwhile still says whether it is locked. */
  turn: number;
  /** The key of the token on screen. */
  key?: HeldKey | undefined;
  /** The token that the customer chose, if the choice could not be kept: it holds on this page. */
  unkept?: string | undefined;
  /** Device time at which the service was last asked for the time; infinite before. */
  triedMs: number;
  stopSeconds?: () => void;
}

interface HeldKey {
  readonly token: TokenSummary;
  readonly key: CryptoKey;
}

function dispatch({ state }: Work, ...events: TokenEvent[]): void {
  state.value = events.reduce(reduceToken, state.peek());
}

/** Reads tokens, clock and code, and shows them together, so that no code of an uncorrected clock appears first. */
async function readVault(work: Work): Promise<void> {
  const { vault, clock } = work.ports;
  work.turn += 1;
  const { turn } = work;
  try {
    const [tokens, stored] = await Promise.all([vault.list(), vault.selected()]);
    const selectedId = shownId(tokens, work.unkept ?? stored);
    const unkept = work.unkept !== undefined && selectedId !== stored;
    const token = tokens.find(({ id }) => id === selectedId);
    const wanted = work.shown && token?.decider === undefined ? token : undefined;
    const [held, kept] = await Promise.all([
      wanted && holdKey(work, wanted),
      token ? storedClock(work, token) : work.state.peek().clock,
    ]);
    const deviceMs = clock();
    const codes = held && (await makeCodes(held, serviceTime({ deviceMs, clock: kept }), []));
    const opened = wanted && { id: wanted.id, codes };
    if (turn !== work.turn) return;
    work.key = work.shown ? held : undefined;
    dispatch(
      work,
      { kind: 'ticked', deviceMs },
      { kind: 'clock', clock: newerClock(work, token, kept) },
      { kind: 'loaded', tokens, selectedId, unkept, opened: work.shown ? opened : undefined },
    );
    keepSeconds(work);
    measureIfStale(work);
    await renewCodes(work);
  } catch (error) {
    if (turn === work.turn) fail(work, error);
  }
}

/** Shows why the vault cannot be read, and reads it again when late storage answers. */
function fail(work: Work, error: unknown): void {
  const { turn } = work;
  work.key = undefined;
  dispatch(work, { kind: 'failed', failure: error instanceof VaultError ? error.failure : 'broken' });
  void work.ports.storageRecovered().then(() => {
    if (turn === work.turn) void readVault(work);
  });
}

/** Undefined if its key is spoiled. Whatever else keeps it back is a failure of the vault, and may pass. */
function holdKey({ ports }: Work, token: TokenSummary): Promise<HeldKey | undefined> {
  return ports.vault.openKey(token.id).then(
    (key) => ({ token, key }),
    (error: VaultError): undefined => {
      if (error.failure !== 'corrupt') throw error;
    },
  );
}

/** The codes of this step and the next; `made` are the ones that exist already. */
function makeCodes({ key, token }: HeldKey, timeMs: number, made: readonly StepCode[]): Promise<StepCode[]> {
  const { parameters } = token;
  return Promise.all(
    wantedSteps(timeMs, parameters).map(
      async (step) =>
        made.find((code) => code.step === step) ?? {
          step,
          code: await codeAt(key, parameters, step * parameters.period * 1000),
        },
    ),
  );
}

/** Updates the time each second, and makes the next code before its step. */
function tick(work: Work): void {
  const { clock, bankPage } = work.ports;
  const deviceMs = clock();
  const isWatched = isNear(deviceMs, work.state.peek().deviceMs, NOTABLE_OFFSET_MS);
  dispatch(work, { kind: 'ticked', deviceMs });
  void renewCodes(work);
  // nobody knows whether a clock was set that jumped, or that was not watched
  if (!isWatched) void measureClock(work);
  else if (!isNear(deviceMs, work.triedMs, TRY_AGAIN_MS)) measureIfStale(work);
  if (reportIsStale(work.state.peek())) void hearPage(work, bankPage?.report());
  keepSeconds(work);
}

const isNear = (one: number, other: number, withinMs: number): boolean => Math.abs(one - other) <= withinMs;

/** Schedules the next tick on the second of the corrected time. */
function keepSeconds(work: Work): void {
  work.stopSeconds?.();
  if (!work.shown) return;
  work.stopSeconds = work.ports.schedule(() => tick(work), untilNextSecond(work.state.peek()));
}

async function renewCodes(work: Work): Promise<void> {
  const { key } = work;
  const state = work.state.peek();
  const { opened } = state;
  if (!key || opened?.codes === undefined || opened.id !== key.token.id) return;
  const timeMs = serviceTime(state);
  const { codes: made } = opened;
  const steps = wantedSteps(timeMs, key.token.parameters);
  if (steps.every((step) => made.some((code) => code.step === step))) return;
  const codes = await makeCodes(key, timeMs, made);
  if (key !== work.key) return;
  dispatch(work, { kind: 'opened', opened: { ...opened, codes } });
  // the clock may have been measured meanwhile
  await renewCodes(work);
}

async function storedClock({ ports }: Work, { institution }: TokenSummary): Promise<ClockState> {
  const last = await ports.clockKeeper.offset(institution).catch(() => undefined);
  return last ? { kind: 'measured', last } : { kind: 'unmeasured' };
}

/** The clock as it was kept, unless it was measured here since it was read. */
function newerClock({ state, ports }: Work, token: TokenSummary | undefined, kept: ClockState): ClockState {
  const before = state.peek();
  const here = lastOffset(before.clock);
  const isOfToken = selectedToken(before)?.institution === token?.institution;
  const isNewer =
    here && isCurrent(here, ports.clock()) && here.measuredAt > (lastOffset(kept)?.measuredAt ?? 0);
  return isOfToken && isNewer ? before.clock : kept;
}

/**
 * Asks the service for the time unless there is a recent measurement. If the clock was wrong, only one made here counts: it may
 * have been set right while nobody watched.
 */
function measureIfStale(work: Work): void {
  const last = lastOffset(work.state.peek().clock);
  const isKnown =
    last && isCurrent(last, work.ports.clock()) && (last.measuredAt >= work.triedMs || !clockFault(last));
  if (work.shown && !isKnown) void measureClock(work);
}

/** @param pressed whether the customer asked for it. Whoever did not is not told that a service out of reach is asked again. */
async function measureClock(work: Work, pressed?: boolean): Promise<void> {
  const { clockKeeper, clock } = work.ports;
  const before = work.state.peek();
  const token = selectedToken(before);
  const { kind } = before.clock;
  if (token === undefined || kind === 'measuring') return;
  const last = lastOffset(before.clock);
  work.triedMs = clock();
  if (pressed || kind !== 'unreachable')
    dispatch(work, { kind: 'clock', clock: { kind: 'measuring', last } });
  const measured = await clockKeeper.measure(token.institution).catch(() => undefined);
  if (selectedToken(work.state.peek())?.institution !== token.institution) return;
  const found: ClockState = measured ? { kind: 'measured', last: measured } : { kind: 'unreachable', last };
  dispatch(work, { kind: 'ticked', deviceMs: clock() }, { kind: 'clock', clock: found });
  keepSeconds(work);
  await renewCodes(work);
}

async function hearPage(work: Work, answer: Promise<PageState | undefined> | undefined): Promise<void> {
  if (answer === undefined) return;
  const page = await answer.catch(() => undefined);
  dispatch(work, { kind: 'reported', page });
}
