import { boxOf, isVisible, parentOf } from './visible.ts';

/** Kinds of input a code is typed into. */
const CODE_INPUT_TYPES = /^(text|tel|password|number)$/;

/**
 * Whether a person could see and type into the field now, and what is typed would go to the page's own origin.
 * @param narrowest how wide it must be, in CSS pixels
 */
export function isFillable(field: HTMLInputElement, narrowest?: number): boolean {
  return (
    CODE_INPUT_TYPES.test(field.type) &&
    field.matches(':enabled:read-write') &&
    !field.closest('[inert]') &&
    isVisible(field, narrowest) &&
    isOnTop(field) &&
    postsToOwnOrigin(field)
  );
}

/** Places of a field to look at: its middle, and four around it, in parts of its width and height. */
const PLACES = [
  [0, 0],
  [-0.3, -0.3],
  [0.3, -0.3],
  [-0.3, 0.3],
  [0.3, 0.3],
] as const;

/** No ground, border or shadow. */
const SEE_THROUGH = 'rgba(0, 0, 0, 0),none,none,none';

/** Whether nothing lies over the field, where that can be told: outside the window it cannot. */
function isOnTop(field: HTMLInputElement): boolean {
  const { x, y, width, height } = boxOf(field);
  const places = PLACES.map(([right, down]) => ({ x: x + right * width, y: y + down * height }));
  return places.every((place) => isTopAt(field, place.x, place.y)) && !isVeiled(field, places);
}

/**
 * Whether an element, or its own see-through label, is what a click at a place would meet. In a frame, the same of all
 * frames around it: they are to be the page's own origin's, and seen.
 */
function isTopAt(field: HTMLInputElement, x: number, y: number): boolean {
  let target: Element = field;
  for (let view: Window = window; ; view = view.parent) {
    const top = view.document.elementFromPoint(x, y);
    if (top && top !== target && !isLabelOf(target, top)) return false;
    if (view === view.parent) return true;
    // None where the page around it is another origin's.
    const frame = view.frameElement;
    if (!frame || !isVisible(frame, undefined, view.parent)) return false;
    const place = boxOf(frame);
    x += place.left + frame.clientLeft;
    y += place.top + frame.clientTop;
    target = frame;
  }
}

/** Whether something is in a field's own label, or is it, and nothing is drawn there but text. */
function isLabelOf(field: Element, top: Element | null): boolean {
  if (!top) return false;
  const { backgroundColor, backgroundImage, borderStyle, boxShadow } = getComputedStyle(top);
  return (
    [backgroundColor, backgroundImage, borderStyle, boxShadow].join() === SEE_THROUGH &&
    ['::before', '::after'].every((part) => getComputedStyle(top, part).content === 'none') &&
    (top instanceof HTMLLabelElement ? top.control === field : isLabelOf(field, parentOf(top)))
  );
}

/** Whether all of a field is in the window, so that what lies over it was found. */
export function isInWindow(field: Element): boolean {
  const { left, top, width, height } = boxOf(field);
  return left >= 0 && top >= 0 && left + width <= innerWidth && top + height <= innerHeight;
}

/**
 * Whether something that lets clicks through, and so is never met, lies over all of the places or under them: what is
 * drawn first no browser tells.
 */
const isVeiled = (field: Element, places: readonly { x: number; y: number }[]): boolean =>
  [...document.querySelectorAll('*')].some((veil) => {
    const { left, top, width, height } = boxOf(veil);
    return (
      places.every(({ x, y }) => x >= left && x <= left + width && y >= top && y <= top + height) &&
      getComputedStyle(veil).pointerEvents === 'none' &&
      !veil.contains(field) &&
      !isLabelOf(field, veil)
    );
  });

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
 * @param inputs one for the whole code, or one for each digit: they are left empty unless all take theirs
 * @returns whether the field now holds exactly the code
 */
export function putCode(inputs: readonly HTMLInputElement[], code: string): boolean {
  const split = inputs.length > 1;
  if (split && inputs.length !== code.length) return false;
  const put = (text: string) => {
    const parts = split ? [...text] : [text];
    for (const [at, input] of inputs.entries()) input.value = parts[at] ?? '';
  };
  put(code);
  for (const input of inputs) {
    for (const type of ['input', 'change']) input.dispatchEvent(new Event(type, { bubbles: true }));
  }
  const held = valueIn(inputs) === code;
  if (!held && split) put('');
  return held;
}

/** What a field holds. */
export const valueIn = (inputs: readonly HTMLInputElement[]) => inputs.map(({ value }) => value).join('');
