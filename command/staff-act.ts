import { type StaffAct, staffActSchema } from '../core/api/staff.ts';
import { CannotTellError } from './errors.ts';

/** Who acts and why, as the audit takes it. @throws CannotTellError */
export function checkedAct(by: StaffAct): StaffAct {
  const parsed = staffActSchema.safeParse(by);
  if (!parsed.success) {
    throw new CannotTellError(
      '--actor, --reason and --approval must be what the audit takes: ids of letters, digits and . _ @ : -, and one line of text',
    );
  }
  return parsed.data;
}
