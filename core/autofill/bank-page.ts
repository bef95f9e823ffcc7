import type { FillReport } from '../messages/fill.ts';

/**
 * The state of the page in front of the customer: the report of its content script, or why there is none.
 * not-permitted: the permission for the bank's host, the token service's or both was taken away ·
 * not-injected: the page was open before the extension, and the browser lets no script in
 */
export type PageState =
  | FillReport
  | { readonly kind: 'not-permitted'; readonly of: 'page' | 'service' | 'both' }
  | { readonly kind: 'not-injected' };

/** The bank page in the active tab, as the popup sees it. Only the extension has one. */
export interface BankPage {
  /** Its state; undefined if the tab shows no page of an institution. */
  report(): Promise<PageState | undefined>;
  /** Asks to fill the code of the selected token there. */
  fill(): Promise<PageState | undefined>;
  /** Calls off what another device was asked for it. */
  cancel(): Promise<void>;
}

/** What the browser offers to a customer whose page is not filled. */
export interface PageHelp {
  readonly access: HostAccess;
  /** Version of the extension, and the browser's user agent. */
  readonly version: string;
  readonly browser: string;
  readonly shortcut: Shortcut;
  /** Loads the page in the active tab again. */
  reload(): Promise<void>;
}

/** Permissions for hosts. The customer can take them away in the browser. */
export interface HostAccess {
  /** Whether the permission for the token service is missing. */
  lacksService(): Promise<boolean>;
  /** Asks the customer for all missing permissions. Call it in the handler of a click. @returns whether they are granted now */
  request(): Promise<boolean>;
  /** Calls back when a permission is granted or taken away, until aborted. */
  watch(changed: () => void, signal: AbortSignal): void;
}

/** The keys that fill the page in front of the customer. */
export interface Shortcut {
  /** As the browser writes them; undefined if none are set, for example because another extension has them. */
  keys(): Promise<string | undefined>;
  /** Opens the browser's page for setting them. */
  open(): Promise<void>;
}

/** automatic: recognised screens are filled by themselves · on-request: only when the customer asks */
export type FillMode = 'automatic' | 'on-request';

/** The fill mode of each token. Rejects with `VaultError` if storage fails. */
export interface FillModes {
  of(tokenId: string): Promise<FillMode>;
  set(tokenId: string, mode: FillMode): Promise<void>;
}
