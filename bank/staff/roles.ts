import type { StaffRole } from '../store/schema.ts';
import { type Clerk, RIGHTS, type Right } from '../store/staff.ts';

export const ROLE_LABELS: Readonly<Record<StaffRole, string>> = {
  clerk: '担当者',
  supervisor: '役席者',
  auditor: '監査',
};

type Member = Pick<Clerk, 'role'>;

const may =
  (right: Right) =>
  ({ role }: Member): boolean =>
    RIGHTS[role].includes(right);

export const mayAct = may('act');
export const mayApprove = may('approve');
/** Whether they read the audit of the whole institution. Every role reads the history of a customer. */
export const mayAudit = may('audit');

/** Whether they import files of hardware tokens. */
export const mayImport = may('approve');

export const AUDIT_ONLY = '監査と状況は、役席者と監査の担当だけが閲覧できます。';
export const READS_ONLY = '監査の権限では閲覧だけができます。';
export const SUPERVISORS_ONLY = '役席者だけが行えます。権限が変わっていないか確認してください。';
