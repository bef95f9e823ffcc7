import { type AuditEntry, type AuditPage, auditEntrySchema } from '../core/api/audit.ts';
import type { AuditRow } from './store/audit-entries.ts';

/** A page of entries. @param rows the page's rows, and one more if there is a next page */
export function auditPageOf(rows: readonly AuditRow[], limit: number): AuditPage {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    entries: shown.map(entryOfRow),
    ...(last && rows.length > limit && { next: `${last.at.getTime()}-${last.id}` }),
  };
}

function entryOfRow(row: AuditRow): AuditEntry {
  const { id, at, user_id: userId, event, outcome, actor, reason, approval, failures } = row;
  const transaction = auditEntrySchema.shape.transaction.safeParse(row.transaction).data;
  return {
    id,
    at: at.toISOString(),
    ...(userId !== null && { userId }),
    event,
    outcome,
    ...(actor !== null && { actor }),
    ...(reason !== null && { reason }),
    ...(approval !== null && { approval }),
    ...(row.confirmation_id !== null && { confirmation: row.confirmation_id }),
    ...(transaction && { transaction }),
    ...(failures !== null && { failures }),
    ...(row.origin !== null && { origin: row.origin }),
    ...(row.factors !== null && { factors: row.factors }),
  };
}
