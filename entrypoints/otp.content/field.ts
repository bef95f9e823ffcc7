import { boxOf, isVisible } from './visible.ts';

/** Kinds of input a code is typed into. */
const CODE_INPUT_TYPES = /^(text|tel|password|number)$/;

/** Whether a person could see and type into the field now, and what is typed would go to the page's own origin. */
export function isFillable(field: HTMLInputElement): boolean {
  return (
    CODE_INPUT_TYPES.test(field.type) &&
    field.matches(':enabled:read-write') &&
    !field.closest('[inert]') &&
    isVisible(field) &&
    isOnTop(field) &&
    postsToOwnOrigin(field)
  );
}

/** Whether nothing but its own label lies over the field's middle; nothing does where that is outside the window. */
function isOnTop(field: HTMLInputElement): boolean {
  const { x, y } = boxOf(field);
  const top = document.elementFromPoint(x, y);
  return !top || top === field || top.closest('label')?.control === field;
}

const postsToOwnOrigin = ({ form }: HTMLInputElement): boolean =>
  !form ||
  // A field named "action" hides the form's own property, but not its prototype's.
  (isOwn(Reflect.get(HTMLFormElement.prototype, 'action', form)) &&
    [...document.querySelectorAll<HTMLButtonElement>('[formaction]')].every(
      (button) => button.form !== form || isOwn(button.formAction),
    ));

const isOwn = (url: string) => url.startsWith(`${location.origin}/`);

/**
 * Puts the code into the field as typing would, so that the page's own scripts notice. Never submits.
 * @returns whether the field now holds exactly the code
 */
export function putCode(field: HTMLInputElement, code: string): boolean {
  field.value = code;
  for (const type of ['input', 'change']) field.dispatchEvent(new Event(type, { bubbles: true }));
  return field.value === code;
}
