/** Whether a path names a record, a proposal or a review: its digits, as far as a database counts. */
export const isNumber = (text: string): boolean => /^[1-9][0-9]{0,17}$/.test(text);
