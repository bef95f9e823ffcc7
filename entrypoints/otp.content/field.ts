/** Kinds of input a code is typed into. */
const CODE_INPUT_TYPES = ['text', 'tel', 'password', 'number'];

/** Whether a person could see and type into the field now, and what is typed would go to the page's own origin. */
export function isFillable(field: HTMLInputElement): boolean {
  return (
    CODE_INPUT_TYPES.includes(field.type) &&
    !field.disabled &&
    !field.readOnly &&
    field.closest('[inert]') === null &&
    isVisible(field) &&
    postsToOwnOrigin(field)
  );
}

export function isVisible(element: Element): boolean {
  const { width, height } = element.getBoundingClientRect();
  return (
    width > 1 && height > 1 && element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
  );
}

function postsToOwnOrigin({ form }: HTMLInputElement): boolean {
  if (form === null) return true;
  // A field named "action" would hide the form's own property: the attribute cannot be hidden.
  const action = form.getAttribute('action') ?? '';
  return (
    URL.canParse(action, document.baseURI) && new URL(action, document.baseURI).origin === location.origin
  );
}

/**
 * Puts the code into the field as typing would, so that the page's own scripts notice. Never submits.
 * @returns whether the field now holds exactly the code
 */
export function setCode(field: HTMLInputElement, code: string): boolean {
  if (field.value !== '' || !isFillable(field)) return false;
  const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
  setter?.call(field, code);
  field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true, inputType: 'insertText' }));
  field.dispatchEvent(new Event('change', { bubbles: true }));
  return field.value === code;
}
