import type { TokenSummary } from './vault/token.ts';

/** blocked: the browser was told to allow none · failed: it could not be set up now */
export type NoticeState = 'on' | 'off' | 'blocked' | 'failed';

/** What the page hears while it is open. */
export interface NoticeEvents {
  /** A notice was pressed. @param institution its key; empty if it is not known */
  pressed(institution: string): void;
  /** The browser has let its subscription go, or renewed it. */
  changed(): void;
}

/** Notices of what waits, also while nothing of the app is open. Nothing rejects. */
export interface Notices {
  /** @returns undefined where the service sends none */
  state(): Promise<NoticeState | undefined>;
  /** Whether the customer has said whether they want them. */
  answered(): boolean;
  /** Has the browser ask the customer, and subscribes for the tokens. To be called as a click is handled. */
  turnOn(tokens: readonly TokenSummary[]): Promise<NoticeState>;
  turnOff(tokens: readonly TokenSummary[]): Promise<NoticeState>;
  /** Subscribes again, where the customer wants them: subscriptions end without notice. */
  renew(tokens: readonly TokenSummary[]): Promise<void>;
  /** Ends the notices of a token that is about to be removed. */
  leave(token: TokenSummary): Promise<void>;
  follow(events: NoticeEvents, signal: AbortSignal): void;
}
