import type { FieldError } from '../web/form.ts';

/** What no password can have: it would only cost the customer a try. */
const NOT_HALF_WIDTH = /[^ -~]/;

/**
 * @param name as it stands beside the field
 * @returns why a password is not worth checking; that counts as no try
 */
export function typedPasswordError(field: string, name: string, typed: string): FieldError | undefined {
  if (typed === '') return { field, message: `${name}を入力してください。` };
  return NOT_HALF_WIDTH.test(typed)
    ? { field, message: `${name}は半角英数字で入力してください。` }
    : undefined;
}
