/** Comparison of a bank's page with the signed details; `unread` is neither the same nor different. */
export type FieldOutcome = 'same' | 'different' | 'unread';

/** Outcomes by the names of the compared fields, in the order of the type's table. */
export type Comparison = Readonly<Record<string, FieldOutcome>>;

/** The fields with an outcome; none if nothing was compared. */
export const fieldsThatAre = (outcome: FieldOutcome, comparison: Comparison = {}): string[] =>
  Object.keys(comparison).filter((field) => comparison[field] === outcome);
