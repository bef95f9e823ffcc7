import type { StaffRole } from '../store/schema.ts';
import type { Clerk } from '../store/staff.ts';

export const ROLE_LABELS: Readonly<Record<StaffRole, string>> = {
  clerk: '担当者',
  supervisor: '役席者',
  auditor: '監査',
};

type Member = Pick<Clerk, 'role'>;

/** Auditors read everything and do nothing. */
export const mayAct = ({ role }: Member): boolean => role !== 'auditor';

export const mayApprove = ({ role }: Member): boolean => role === 'supervisor';

/** Whoever reads the audit of the whole institution; a clerk reads that of the customers they serve. */
export const mayAudit = ({ role }: Member): boolean => role !== 'clerk';

export const AUDIT_ONLY = '監査と状況は、役席者と監査の担当だけが閲覧できます。';
export const READS_ONLY = '監査の権限では閲覧だけができます。';
export const SUPERVISORS_ONLY = '役席者だけが行えます。権限が変わっていないか確認してください。';
