/** How what a bank's page shows stands to what was signed; `unread` is neither the same nor different. */
export type FieldOutcome = 'same' | 'different' | 'unread';

export const SHOWN_FIELDS = ['payee', 'amount'] as const;

/** What is compared of a transfer. */
export type ShownField = (typeof SHOWN_FIELDS)[number];

export type Comparison = Readonly<Record<ShownField, FieldOutcome>>;

/** What is known of a page that was there, and is not to be read now. */
export const ALL_UNREAD: Comparison = { payee: 'unread', amount: 'unread' };

/** The fields that come out so; none where nothing was compared. */
export const fieldsThatAre = (outcome: FieldOutcome, comparison: Comparison | undefined): ShownField[] =>
  SHOWN_FIELDS.filter((field) => comparison?.[field] === outcome);
