import { labelName } from '../../core/autofill/text.ts';
import { type Area, boxOf, common, sizeOf } from './area.ts';
import type { Name } from './field.ts';
import { isInLink, unreadable } from './letters.ts';
import type { Painting, Scene } from './painted.ts';
import { unseen } from './visible.ts';

/** Largest distance between a field and its name, in CSS pixels. */
export const NEAR = 240;

/** Widest picture that is an icon and no name, in CSS pixels. */
const WIDEST_ICON = 32;

/** What placeholders say beside names: how to type, examples, and other words for the code. */
const ASKING =
  /例.*|x{3,}|ワンタイム|パスワード|トークン|お手元|画面|表示|された|確認|認証|番号|コード|文字|ケタ|けた|ご?入力|してください|下さい|[のをにでは、。]|otp|one-?time|token|pass(word|code)|digits?|code|enter|your|the/gi;

/**
 * Whether the name visible beside a field differs from the one in the markup. A name that nobody sees counts only if no other is
 * visible; a visible one must be before the field, with no other field in between.
 */
export function isNamedOtherwise(
  inputs: readonly HTMLInputElement[],
  { text: name, from }: Name,
  scene: Scene,
  others: readonly HTMLInputElement[],
): boolean {
  const [first] = inputs;
  if (!first) return true;
  const { paintings } = scene;
  const field = boxOf(first);
  const texts = paintings.flatMap(({ text, element, area }) =>
    text &&
    isName(text.data) &&
    !element.closest('button,option') &&
    !(isAbout(text.data, name) && (isInLink(element) || unreadable(element, scene, area)))
      ? { area, isInButton: false, own: from.some((one) => one.contains(text)) || isAbout(text.data, name) }
      : [],
  );
  const wordless = wordlessNames(first, from, paintings).filter(({ data }) => !isAbout(data, name));
  const named = [...texts, ...wordless];
  const left = nearest(
    named.filter(({ area }) => isLeftOf(area, field)),
    ({ area }) => field.left - area.right,
  );
  if (left && !left.own && !texts.some(({ area, own }) => own && isLeftOf(area, field))) return true;
  const isUnseen = from.length === 0;
  if (isUnseen && (asksFor(first, name) || wordless.some(({ area }) => sizeOf(common(area, field)) > 0)))
    return true;
  const rivals = others
    .filter((other) => !inputs.includes(other) && !unseen(other))
    .map((other) => boxOf(other));
  const isAboutRival = ({ area }: { readonly area: Area }) =>
    rivals.some(
      (rival) => isLeftOf(area, rival) || (isAbove(rival, field, 1e9) && rival.top >= area.bottom - 1),
    );
  const above = nearest(
    named.filter((one) => !one.isInButton && isAbove(one.area, field) && !isAboutRival(one)),
    ({ area }) => field.top - area.bottom,
  );
  if (isUnseen) return !left && above !== undefined && !above.own;
  const said = texts.filter(
    ({ own, area }) =>
      own && (isLeftOf(area, field, 1e9) || isAbove(area, field, 1e9) || sizeOf(common(area, field)) > 0),
  );
  const between = rivals.some((rival) =>
    said.every(({ area }) =>
      isLeftOf(area, field, 1e9)
        ? isLeftOf(rival, field, 1e9) && rival.left >= area.right - 1
        : isAbove(rival, field, 1e9) && rival.top >= area.bottom - 1,
    ),
  );
  return said.length === 0 || between;
}

interface WordlessName {
  readonly area: Area;
  readonly data: string;
  readonly isInButton: boolean;
  readonly own: false;
}

/** Names beside a field that are no texts of the page: generated letters, pictures, and buttons if nobody sees the field's own name. */
function wordlessNames(
  field: HTMLInputElement,
  from: readonly Element[],
  paintings: readonly Painting[],
): WordlessName[] {
  const drawn = paintings.flatMap(({ text, letters, element, area }) => {
    if (element instanceof HTMLImageElement) return [];
    const isInButton = element.closest('button') !== null;
    const data = text ? (from.length === 0 && isInButton ? text.data : '') : (letters ?? '');
    return isName(data) && !from.some((one) => one.contains(element))
      ? { area, data, isInButton, own: false as const }
      : [];
  });
  const pictures = [...(field.getRootNode() as ParentNode).querySelectorAll<HTMLImageElement>('img[alt]')];
  return [
    ...drawn,
    ...pictures.flatMap((picture) => {
      const { alt } = picture;
      const area = boxOf(picture);
      return isName(alt) && area.right - area.left > WIDEST_ICON && !unseen(picture)
        ? { area, data: alt, isInButton: false, own: false as const }
        : [];
    }),
  ];
}

/** Whether the placeholder of a field says another name than its own. */
function asksFor({ placeholder }: HTMLInputElement, name: string): boolean {
  return isName(placeholder.replace(ASKING, '')) && !isAbout(placeholder, name);
}

/** Whether a text can be a name, as it is no mark, number or hint. */
const isName = (text: string) => /\p{L}/u.test(labelName(text).replace(/半角|全角|英?数字?|桁/g, ''));

const isAbout = (text: string, name: string) => labelName(text).includes(labelName(name));

const isLeftOf = (one: Area, field: Area, near = NEAR) =>
  one.right <= field.left + 2 &&
  field.left - one.right < near &&
  one.bottom > field.top + 2 &&
  one.top < field.bottom - 2;

const isAbove = (one: Area, field: Area, near = NEAR / 4) =>
  one.bottom <= field.top + 2 &&
  field.top - one.bottom < near &&
  one.left < field.right &&
  one.right > field.left - 2;

function nearest<T>(things: readonly T[], distance: (thing: T) => number): T | undefined {
  return things.toSorted((one, other) => distance(one) - distance(other))[0];
}
