import type { FillReport } from '../messages/fill.ts';

/**
 * What is known of the page in front of the customer: what its content script reports, or why there is none to report.
 * not-permitted: the permission for the bank's host, the token service's or both was taken away ·
 * not-injected: the page was open before the extension was, and the browser lets no script in
 */
export type PageState =
  | FillReport
  | { readonly kind: 'not-permitted'; readonly of: 'page' | 'service' | 'both' }
  | { readonly kind: 'not-injected' };

/** The bank page in the active tab, as the popup sees it. Only the extension has one. */
export interface BankPage {
  /** How it stands; undefined where the tab shows no page of an institution. */
  report(): Promise<PageState | undefined>;
  /** Asks for the code of the selected token to be filled there. */
  fill(): Promise<PageState | undefined>;
}

/** What the browser has for a customer whose page is not filled. */
export interface PageHelp {
  readonly access: HostAccess;
  /** Of the extension, and the browser's own account of itself. */
  readonly version: string;
  readonly browser: string;
  readonly shortcut: Shortcut;
  /** Loads the page in the active tab again. */
  reload(): Promise<void>;
}

/** The hosts that the extension may reach, which browsers let the customer take away. */
export interface HostAccess {
  /** Whether the token service's is missing. */
  lacksService(): Promise<boolean>;
  /** Asks the customer for all that are missing. To be called in the turn of a click. Whether they are allowed now. */
  request(): Promise<boolean>;
  /** Calls back when something was allowed or taken away, until aborted. */
  watch(changed: () => void, signal: AbortSignal): void;
}

/** The keys that fill the page in front of the customer. */
export interface Shortcut {
  /** As the browser writes them; undefined where none are set: another extension may have had them first. */
  keys(): Promise<string | undefined>;
  /** Opens the place where the browser sets them. */
  open(): Promise<void>;
}

/** automatic: recognised screens are filled by themselves · on-request: only when the customer asks */
export type FillMode = 'automatic' | 'on-request';

/** How each token fills. Rejects with `VaultError` where storage fails. */
export interface FillModes {
  of(tokenId: string): Promise<FillMode>;
  set(tokenId: string, mode: FillMode): Promise<void>;
}
