import { REASON_MOST } from '../../../core/api/staff.ts';
import { type FieldError, facts, fieldRow } from '../../web/form.ts';
import { type Html, html, nothing } from '../../web/html.ts';

/** The row that asks why. @param focus whether it takes the focus when the page is opened */
export const reasonRow = (label: string, value: string, errors: readonly FieldError[], focus = false): Html =>
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
      focus,
    },
    errors,
  );

/** A reason that was typed for a form that is no longer there, shown so that it can be copied. */
export const unsentReason = (reason: string): Html =>
  reason === ''
    ? nothing
    : html`<section><h2>入力した内容（送信されていません）</h2>${facts([{ name: '理由', value: reason }])}</section>`;
