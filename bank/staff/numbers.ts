/** Whether it is a number as the database gives to records, proposals, papers and reviews. */
export const isNumber = (text: string): boolean => /^[1-9][0-9]{0,17}$/.test(text);

const APPROVAL = 'P-';

/** How the token service's audit names the 申請 that was approved. */
export const approvalOf = (proposal: string): string => `${APPROVAL}${proposal}`;

/** @returns the number of the 申請; undefined where another system wrote the approval down */
export function proposalOfApproval(approval: string): string | undefined {
  const no = approval.startsWith(APPROVAL) ? approval.slice(APPROVAL.length) : '';
  return isNumber(no) ? no : undefined;
}
