import type { PageState } from '../core/autofill/bank-page.ts';
import { daysLeft } from '../core/institution/expiry.ts';
import { type OtpParameters, remainingMs, stepAt } from '../core/otp/totp.ts';
import type { TokenStanding } from '../core/transaction/confirmations.ts';
import { correctedTime } from '../core/vault/clock.ts';
import type { VaultFailure } from '../core/vault/errors.ts';
import { isOver, isRegistered, isStopped, type TokenSummary } from '../core/vault/token.ts';
import { type ClockState, lastOffset } from './clock-fault.ts';

/** A code and its time step. */
export interface StepCode {
  readonly step: number;
  readonly code: string;
}

/** The token on screen with the codes of this step and the next, so that the next one appears without a gap. */
export interface OpenedToken {
  readonly id: string;
  /** Undefined if its key could not be read. */
  readonly codes: readonly StepCode[] | undefined;
}

/** The state of the device's storage. */
export type VaultState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly failure: VaultFailure };

type Said = Omit<TokenStanding, 'tokenId'>;

export interface TokenState {
  readonly vault: VaultState;
  readonly tokens: readonly TokenSummary[];
  readonly selectedId: string | undefined;
  /** Whether the device could not keep the choice: the page is not filled with the token on screen. */
  readonly unkept: boolean;
  readonly opened: OpenedToken | undefined;
  readonly clock: ClockState;
  /** Device time in milliseconds at the last tick. */
  readonly deviceMs: number;
  /** The state of the bank's page; undefined if there is none. */
  readonly page: PageState | undefined;
  readonly filling: boolean;
  /** The services' last answers, by token; {@link tokens} have them. */
  readonly standings: Readonly<Record<string, Said>>;
}

export type TokenEvent =
  | {
      readonly kind: 'loaded';
      readonly tokens: readonly TokenSummary[];
      readonly selectedId: string | undefined;
      readonly unkept: boolean;
      readonly opened: OpenedToken | undefined;
    }
  | { readonly kind: 'failed'; readonly failure: VaultFailure }
  | { readonly kind: 'opened'; readonly opened: OpenedToken | undefined }
  | { readonly kind: 'ticked'; readonly deviceMs: number }
  | { readonly kind: 'clock'; readonly clock: ClockState }
  | { readonly kind: 'filling' }
  | { readonly kind: 'reported'; readonly page: PageState | undefined }
  | { readonly kind: 'stands'; readonly standings: readonly TokenStanding[] };

export function initialState(deviceMs: number): TokenState {
  return {
    vault: { kind: 'loading' },
    tokens: [],
    selectedId: undefined,
    unkept: false,
    opened: undefined,
    clock: { kind: 'unmeasured' },
    deviceMs,
    page: undefined,
    filling: false,
    standings: {},
  };
}

export function reduceToken(state: TokenState, event: TokenEvent): TokenState {
  switch (event.kind) {
    case 'loaded': {
      const { kind, tokens, ...read } = event;
      return { ...told(tokens, state), ...read, vault: { kind: 'ready' } };
    }
    case 'failed':
      return failed(state, event.failure);
    case 'opened':
    case 'ticked':
    case 'clock': {
      const { kind, ...changed } = event;
      return { ...state, ...changed };
    }
    case 'filling':
      return { ...state, filling: true };
    case 'reported':
      return { ...state, page: event.page, filling: false };
    case 'stands': {
      const heard = event.standings.map(({ tokenId, ...said }) => [tokenId, said]);
      const standings = { ...state.standings, ...Object.fromEntries(heard) };
      return told(state.tokens, { ...state, standings });
    }
  }
}

/** The tokens as their services have said since, which the vault may not have been told yet. */
function told(tokens: readonly TokenSummary[], state: TokenState): TokenState {
  return { ...state, tokens: tokens.map((token) => ({ ...token, ...state.standings[token.id] })) };
}

/** When the vault is locked, everything read from it disappears from the screen. */
function failed(state: TokenState, failure: VaultFailure): TokenState {
  const shut: TokenState = { ...state, vault: { kind: 'failed', failure }, opened: undefined };
  return failure === 'locked' ? { ...shut, tokens: [], selectedId: undefined } : shut;
}

export function isLocked({ vault }: Pick<TokenState, 'vault'>): boolean {
  return vault.kind === 'failed' && vault.failure === 'locked';
}

/** The token to show: the selected one, else the oldest. */
export function shownId(tokens: readonly TokenSummary[], selectedId: string | undefined): string | undefined {
  return (tokens.find(({ id }) => id === selectedId) ?? tokens[0])?.id;
}

/** What the code's screen shows of a token; the code is absent until it is made. */
export interface CodeView {
  readonly token: TokenSummary;
  readonly expired: boolean;
  /** 認証停止 or 利用停止, by its service's last answer: the bank accepts no code of it. */
  readonly stopped: boolean;
  /**
   * Of one that the customer made: waiting: it can still be registered, until `bindBy` · unheard: that is over, and whether it
   * was registered has not been said since · lapsed: it was not, and is of no use any more
   */
  readonly registration: 'waiting' | 'unheard' | 'lapsed' | undefined;
  /** Released or void, by its service's last answer: no code of it is ever taken again. */
  readonly over: boolean;
  /** Whether the service said so since the screen was opened; otherwise it is what was kept. */
  readonly heard: boolean;
  /** Days until it expires, rounded up. */
  readonly daysLeft: number;
  /** The token's key could not be read. */
  readonly unreadable: boolean;
  readonly code: string | undefined;
  /** The code of the next step. */
  readonly next: string | undefined;
  /** Whole seconds until the next code: the period down to 1. */
  readonly seconds: number;
}

/** The service's time, as far as the clock was measured. */
export function serviceTime({ deviceMs, clock }: Pick<TokenState, 'deviceMs' | 'clock'>): number {
  return correctedTime(deviceMs, lastOffset(clock));
}

export function selectedToken({ tokens, selectedId }: TokenState): TokenSummary | undefined {
  return tokens.find(({ id }) => id === selectedId);
}

export function codeView(state: TokenState): CodeView | undefined {
  const token = selectedToken(state);
  if (token === undefined) return undefined;
  const heard = token.id in state.standings;
  const now = serviceTime(state);
  const expired = now >= token.expiresAt;
  const stopped = isStopped(token.status);
  const registration = registrationOf(token, now, heard);
  const over = registration === undefined && isOver(token.status);
  const isShown = !(expired || stopped || over || registration === 'lapsed');
  const opened = state.opened?.id === token.id ? state.opened : undefined;
  const step = stepAt(now, token.parameters);
  const codes = (isShown && opened?.codes) || [];
  const codeOf = (wanted: number) => codes.find((code) => code.step === wanted)?.code;
  return {
    token,
    expired,
    stopped,
    registration,
    over,
    heard,
    daysLeft: daysLeft(token.expiresAt, now),
    unreadable: opened !== undefined && opened.codes === undefined,
    code: codeOf(step),
    next: codeOf(step + 1),
    seconds: Math.ceil(remainingMs(now, token.parameters) / 1000),
  };
}

function registrationOf(
  { bindBy, status }: TokenSummary,
  now: number,
  heard: boolean,
): CodeView['registration'] {
  if (bindBy === undefined || (status !== undefined && isRegistered(status))) return undefined;
  if (status === 'void') return 'lapsed';
  if (now < bindBy) return 'waiting';
  // What was kept is from before.
  return heard ? 'lapsed' : 'unheard';
}

/** The steps whose codes are needed now and do not exist yet. */
export function wantedSteps(timeMs: number, parameters: OtpParameters): readonly number[] {
  const step = stepAt(timeMs, parameters);
  return [step, step + 1];
}

/** Milliseconds until the next second of the service's clock. */
export function untilNextSecond(state: TokenState): number {
  const part = serviceTime(state) % 1000;
  return 1000 - ((part + 1000) % 1000);
}

/** States that may change without a report: not filled yet, another device is asked, or no script that could report. */
const PASSING: readonly PageState['kind'][] = [
  'asking',
  'signing',
  'approving',
  'not-permitted',
  'not-injected',
];

/** Whether to ask the page again. */
export function reportIsStale({ page, deviceMs, filling }: TokenState): boolean {
  if (filling || page === undefined) return false;
  return PASSING.includes(page.kind) || (page.kind === 'waiting' && deviceMs >= page.until);
}
