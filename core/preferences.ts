/** The order of a list of tokens: as they were added, by name, or by when they were last used. */
export const LIST_ORDERS = ['added', 'name', 'used'] as const;
export type ListOrder = (typeof LIST_ORDERS)[number];

/** How the customer wants codes and tokens shown. */
export interface Preferences {
  readonly order: ListOrder;
  /** Shows the next code beside one that is about to end. */
  readonly nextCode: boolean;
  /** Shows a code only when it is asked for. */
  readonly tapToReveal: boolean;
}

/** From how many seconds before its end on the next code is shown as well. */
export const NEXT_CODE_SECONDS = 10;

export const DEFAULT_PREFERENCES: Preferences = { order: 'added', nextCode: false, tapToReveal: false };

/** Preferences, and when each token was last used. Not secret, and no loss: nothing rejects, and what cannot be read is the default. */
export interface PreferenceKeeper {
  read(): Preferences;
  keep(changed: Partial<Preferences>): void;
  /** Device time in milliseconds, by token. */
  lastUsed(): Map<string, number>;
  /** A token was chosen, its code copied, or something confirmed or approved with it. */
  noteUse(tokenId: string, at: number): void;
}
