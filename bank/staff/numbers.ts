/** Whether a path names a record, a proposal or a review: its digits, as far as a database counts. */
export const isNumber = (text: string): boolean => /^[1-9][0-9]{0,17}$/.test(text);

const APPROVAL = 'P-';

/** A 申請 as the token service writes it down beside the act that it allowed. */
export const approvalOf = (proposal: string): string => `${APPROVAL}${proposal}`;

/** @returns the number of the 申請; undefined where another system wrote the approval down */
export function proposalOfApproval(approval: string): string | undefined {
  const no = approval.startsWith(APPROVAL) ? approval.slice(APPROVAL.length) : '';
  return isNumber(no) ? no : undefined;
}
