import type { Check } from '../../core/autofill/checks.ts';
import { labelName } from '../../core/autofill/text.ts';
import { type Area, boxOf, common, isShown, moved, parentOf, sizeOf, textArea } from './area.ts';
import { unreadable } from './letters.ts';
import { isOver, type Painting, readScene, type Scene } from './painted.ts';
import { unseen } from './visible.ts';

/** Methods of a form that put nothing into the address. */
const SENDS_BODY = /^(post|dialog)$/i;

/** Types of input for codes. */
const CODE_INPUT_TYPES = /^(text|tel|password|number)$/;

/** A box for one digit is narrower than other fields, in CSS pixels. */
const NARROWEST_BOX = 10;

/** Largest width of a digit, as a share of the font size. */
const DIGIT = 0.65;

/** Largest height of digits with the space around them, as a share of the font size. */
const LINE = 1.5;

/** Largest share of a field that an icon or a button at its end takes. */
const MOST_COVERED = 0.3;

/** The name of a field, and where it is visible. */
export interface Name {
  readonly text: string;
  /** Empty if nobody can see it. */
  readonly from: readonly Element[];
}

/**
 * Why a person could not see a field or type into it, looking at the field alone.
 * @param length most characters that go into it
 */
export function fieldCheck(field: HTMLInputElement, length: number, isBox = false): Check | undefined {
  if (!CODE_INPUT_TYPES.test(field.type) || !field.matches(':enabled:read-write') || field.closest('[inert]'))
    return 'disabled';
  const box = boxOf(field);
  const digits = digitsOf(field, length);
  return (
    unseen(field, box, isBox ? NARROWEST_BOX : undefined) ??
    unreadable(field) ??
    (sizeOf(digits) < 40 || isMovedAway(field, digits)
      ? 'too-small'
      : isMet(field, digits)
        ? undefined
        : 'covered')
  );
}

/** Why typed text would not go only to the page's own origin. */
export function formCheck({ form }: HTMLInputElement): Check | undefined {
  if (!form) return undefined;
  const buttons = [
    ...(form.getRootNode() as ParentNode).querySelectorAll<HTMLButtonElement>('[formaction],[formmethod]'),
  ].filter((button) => button.form === form);
  // A field named "action" hides the form's own property, but not that of the prototype.
  const actions = [
    Reflect.get(HTMLFormElement.prototype, 'action', form),
    ...buttons.map((button) => button.formAction),
  ];
  if (!actions.every((url) => url.startsWith(`${location.origin}/`))) return 'off-origin';
  const isGet = methodOf(form)?.trim().toLowerCase() === 'get';
  return isGet || buttons.some(sendsByGet) ? 'get' : undefined;
}

/** A button's method that is none of HTML's is GET; one that has none takes its form's. */
function sendsByGet(button: HTMLButtonElement): boolean {
  const method = button.getAttribute('formmethod');
  return method !== null && !SENDS_BODY.test(method);
}

const methodOf = (form: HTMLFormElement) => Element.prototype.getAttribute.call(form, 'method');

/** Whether a field's form names its method. */
export const saysMethod = ({ form }: HTMLInputElement) => !form || SENDS_BODY.test(methodOf(form) ?? '');

/** The place in a field of as many characters as go into it. */
function digitsOf(field: HTMLInputElement, length: number): Area {
  const { left, top, right, bottom } = boxOf(field);
  const scale = (right - left) / field.offsetWidth || 1;
  const style = getComputedStyle(field);
  const { fontSize, textAlign, direction, writingMode } = style;
  const inner = (side: 'Left' | 'Top' | 'Right' | 'Bottom') =>
    scale * (Number.parseFloat(style[`padding${side}`]) + Number.parseFloat(style[`border${side}Width`]));
  const from = left + inner('Left');
  const to = right - inner('Right');
  const count = field.maxLength > 0 ? Math.min(field.maxLength, length) : length;
  const spare = Math.max(0, to - from - count * DIGIT * Number.parseFloat(fontSize) * scale);
  const atEnd = textAlign === 'right' || textAlign === (direction === 'rtl' ? 'start' : 'end');
  const before = textAlign.includes('center') ? spare / 2 : atEnd ? spare : 0;
  const highest = top + inner('Top');
  const lowest = bottom - inner('Bottom');
  // A line stands in the middle, whatever its height.
  const line = LINE * Number.parseFloat(fontSize) * ((bottom - top) / field.offsetHeight || 1);
  const above = writingMode === 'horizontal-tb' ? Math.max(0, lowest - highest - line) / 2 : 0;
  return {
    left: from + before,
    top: highest + above,
    right: to - spare + before,
    bottom: lowest - above,
  };
}

/** Whether a style moves the digits out of the field. */
function isMovedAway(field: HTMLInputElement, { left, right }: Area): boolean {
  const { textIndent, letterSpacing, fontSize } = getComputedStyle(field);
  return (
    indentOf(textIndent) > (right - left) / 2 ||
    Number.parseFloat(letterSpacing) > 2 * Number.parseFloat(fontSize)
  );
}

/** How far an indent moves letters, in CSS pixels; infinite if it depends on the width. */
const indentOf = (indent: string) =>
  /%|calc/.test(indent) && Number.parseFloat(indent) !== 0
    ? Number.POSITIVE_INFINITY
    : Math.abs(Number.parseFloat(indent));

/**
 * Whether a click at the place of the digits hits the field or its own label. In a frame, all frames around it must be of the
 * page's own origin and visible, with nothing painted over that place.
 */
function isMet(field: HTMLInputElement, digits: Area): boolean {
  let target: Element = field;
  let place = digits;
  for (let view: Window = window; ; view = view.parent) {
    const { left, top, right, bottom } = place;
    const root = Node.prototype.getRootNode.call(target);
    const document = root instanceof ShadowRoot ? root : view.document;
    for (const share of [0.5, 0.05, 0.95]) {
      const met = document.elementFromPoint(left + share * (right - left), (top + bottom) / 2);
      if (met && met !== target && !isInLabelOf(field, met)) return false;
    }
    if (view === view.parent) return true;
    // Null if the surrounding page is of another origin.
    const frame = view.frameElement;
    if (!frame || unseen(frame, boxOf(frame), undefined, view.parent)) return false;
    const box = boxOf(frame);
    place = moved(place, box.left + frame.clientLeft, box.top + frame.clientTop);
    if (isPaintedOver(frame, place)) return false;
    target = frame;
  }
}

function isPaintedOver(frame: Element, place: Area): boolean {
  const { paintings, orderOf } = readScene(frame.ownerDocument, [place], []);
  const order = orderOf(frame);
  return paintings.some(
    ({ area, holes, order: other }) =>
      sizeOf(common(area, place)) > 1 && !holes.some((hole) => isWithin(place, hole)) && isOver(other, order),
  );
}

function isInLabelOf(field: Element, element: Element | null): boolean {
  for (let at = element; at; at = parentOf(at))
    if (at instanceof HTMLLabelElement) return at.control === field;
  return false;
}

/** Whether the whole field is in the window, so that everything over it was found. */
export function isInWindow(field: Element): boolean {
  const { left, top, right, bottom } = boxOf(field);
  return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
}

/**
 * Whether anything is painted over the place of a field's digits, over more of the field than an icon at its end takes, or over
 * most of a text or a picture.
 * @param length most characters that go into the field
 * @param place where the text or the picture is, or the part of it that has to be seen
 */
export function coveredBy(
  target: Element | Text,
  name: Name | undefined,
  { paintings, orderOf, isBlank }: Scene,
  length = 0,
  place?: Area,
): boolean {
  const element = target instanceof Text ? parentOf(target) : target;
  if (!element) return true;
  const order = orderOf(element);
  const isText = target instanceof Text;
  const own = place ?? boxOf(element);
  const digits = target instanceof HTMLInputElement ? digitsOf(target, length) : undefined;
  let covered = 0;
  for (const painting of paintings) {
    const { area, holes } = painting;
    if (holes.some((hole) => isWithin(own, hole)) || !isOver(painting.order, order)) continue;
    // A frame leaves most of a field free; any other line through it counts as a cover.
    const hole = holes.find((one) => sizeOf(common(one, own)) >= (1 - MOST_COVERED) * sizeOf(own));
    const inkIn = (zone: Area) => {
      const part = common(area, zone);
      return sizeOf(part) - (hole ? sizeOf(common(part, hole)) : 0);
    };
    const size = inkIn(own);
    if (!size || isOwn(painting)) continue;
    covered += size;
    const isHidden = digits
      ? inkIn(digits) > 1 || covered > MOST_COVERED * sizeOf(own)
      : covered > sizeOf(own) / 2;
    if (isHidden) return true;
  }
  return false;

  /** Whether a painting does not cover: the text itself, the field's name in letters, or something invisible. */
  function isOwn({ element: over, text, area, isContent, isBeside }: Painting): boolean {
    if (isText && text === target) return true;
    // Firefox generates the alternative text even in a picture that it shows.
    if (!digits && isBeside && over === element) return true;
    const label = text && name?.from.find((one) => one.contains(over));
    if (
      label &&
      element &&
      isInLabelOf(element, over) &&
      labelName(label.textContent ?? '') === labelName(name?.text ?? '')
    ) {
      const written = textArea(text);
      return [written, area].every(({ top, bottom }) => bottom - top <= own.bottom - own.top);
    }
    return !isShown(over) || (isContent === true && isBlank(over));
  }
}

const isWithin = (inner: Area, outer: Area) =>
  inner.left >= outer.left - 1 &&
  inner.top >= outer.top - 1 &&
  inner.right <= outer.right + 1 &&
  inner.bottom <= outer.bottom + 1;

/** Events of typing, in order; also `keypress`, which old pages use. */
const TYPING = ['keydown', 'keypress', 'beforeinput', 'input', 'keyup', 'change'] as const;

/**
 * Puts the code into the field as typing would, so that the page's own scripts notice. It never submits.
 * @param inputs one for the whole code, or several for some digits each; they stay empty unless all of them take their digits
 * @param sizes number of digits for each of several inputs
 * @returns whether the field now holds exactly the code
 */
export function putCode(
  inputs: readonly HTMLInputElement[],
  code: string,
  sizes: readonly number[] = [code.length],
): boolean {
  if (sizes.reduce((sum, size) => sum + size, 0) !== code.length) return false;
  let from = 0;
  for (const [at, input] of inputs.entries()) {
    const part = code.slice(from, from + (sizes[at] ?? 0));
    from += part.length;
    type(input, part);
  }
  const held = valueIn(inputs) === code;
  if (!held && inputs.length > 1) inputs.forEach(emptyField);
  return held;
}

/** Takes back what was put into a field, so that the page's own scripts notice. */
export function emptyField(input: HTMLInputElement): void {
  if (!input.value) return;
  input.value = '';
  const init = { bubbles: true, composed: true };
  input.dispatchEvent(new InputEvent('input', { ...init, inputType: 'deleteContentBackward' }));
  input.dispatchEvent(new Event('change', init));
}

/** Leaves the customer's focus where it is, and sends the field's focus events to the page. */
function type(input: HTMLInputElement, data: string): void {
  const takesFocus = (input.getRootNode() as Document).activeElement !== input;
  const say = (event: Event) => input.dispatchEvent(event);
  const focus = (name: string) =>
    takesFocus && say(new FocusEvent(name, { bubbles: /in|out/.test(name), composed: true }));
  focus('focus');
  focus('focusin');
  for (const name of TYPING) {
    const init = {
      bubbles: true,
      composed: true,
      cancelable: name.startsWith('key') || name === 'beforeinput',
    };
    if (name === 'input') input.value = data;
    say(
      name.includes('key')
        ? new KeyboardEvent(name, { ...init, ...keyOf(name, data.slice(-1)) })
        : name === 'change'
          ? new Event(name, init)
          : new InputEvent(name, { ...init, data, inputType: 'insertText' }),
    );
  }
  focus('blur');
  focus('focusout');
}

/** A digit's key, also as old pages ask for it: by the number of its character. */
function keyOf(name: string, key: string): KeyboardEventInit {
  const number = key.charCodeAt(0);
  const charCode = name === 'keypress' ? number : 0;
  return { key, code: `Digit${key}`, keyCode: number, which: number, charCode };
}

/** A field's value, without the characters that pages put between groups of digits. */
export const valueIn = (inputs: readonly HTMLInputElement[]) =>
  inputs.map(({ value }) => value.normalize('NFKC').replace(/[\s\p{Pd}\u2212ー.]/gu, '')).join('');
