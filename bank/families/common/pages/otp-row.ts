import { type Field, type FieldError, fieldRow } from '../../../web/form.ts';
import type { Html } from '../../../web/html.ts';

/** The field for a token's code, the same on every screen that asks for one. */
export function otpRow(errors: readonly FieldError[], other: Partial<Field> = {}): Html {
  return fieldRow(
    {
      name: 'otp',
      label: 'ワンタイムパスワード',
      hint: '(半角数字)',
      type: 'text',
      inputmode: 'numeric',
      autocomplete: 'one-time-code',
      maxlength: 20,
      ...other,
    },
    errors,
  );
}
