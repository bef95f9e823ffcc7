/** How what a bank's page shows stands to what was signed; `unread` is neither the same nor different. */
export type FieldOutcome = 'same' | 'different' | 'unread';

/** By the name of each field that pages are compared by, in the order of its table. */
export type Comparison = Readonly<Record<string, FieldOutcome>>;

/** The fields that come out so; none where nothing was compared. */
export const fieldsThatAre = (outcome: FieldOutcome, comparison: Comparison = {}): string[] =>
  Object.keys(comparison).filter((field) => comparison[field] === outcome);
