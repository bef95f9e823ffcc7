import { REASON_MOST } from '../../../core/api/staff.ts';
import { type FieldError, fieldRow } from '../../web/form.ts';
import type { Html } from '../../web/html.ts';

/** The row that asks why. */
export const reasonRow = (label: string, value: string, errors: readonly FieldError[]): Html =>
  fieldRow(
    {
      name: 'reason',
      label,
      hint: `(1〜${REASON_MOST}文字)`,
      type: 'text',
      autocomplete: 'off',
      maxlength: 1_000,
      value,
      note: '監査の記録に残ります。お客さまへのメールには書かれません。',
      wide: true,
    },
    errors,
  );
