import { labelName, saysHow } from '../../core/autofill/text.ts';
import type { Root } from '../watch.content/page.ts';
import { type Area, boxOf, common, sizeOf } from './area.ts';
import type { Name } from './field.ts';
import { isInLink, unreadable } from './letters.ts';
import type { Painting, Scene } from './painted.ts';
import { all, treesOf } from './trees.ts';
import { unseen } from './visible.ts';

/** Largest distance between a field and its name, in CSS pixels. */
export const NEAR = 240;

/** Widest picture that is an icon and no name, in CSS pixels. */
const WIDEST_ICON = 32;

/** Controls that show words which are no texts of the page, the inputs among them that show none, and those that are pressed. */
const CONTROLS = 'input,textarea';
const SILENT = /hidden|password|radio|checkbox|range|color|file|image/;
const PRESSED = /button|submit|reset/;

/** What may show words that nobody can read from it. */
const PICTURES = 'img,canvas,iframe,frame,embed,object,video,svg,select,[type=image]';

/** What placeholders say beside names: how to type, examples, and other words for the code. */
const ASKING =
  /例.*|x{3,}|ワンタイム|パスワード|(ソフト|ハード)ウェア|トークン|専用|アプリ|お手元|画面|表示|された|確認|認証|番号|コード|文字|ケタ|けた|ご?入力|してください|下さい|[のをにでは、。]|otp|one-?time|token|pass(word|code)|digits?|code|enter|your|the/gi;

/** The last words of the names of what people type. */
const TYPED =
  /(番号|暗証|パスワード|コード|ID|名|名前|名義|ネーム|カナ|アドレス|住所|電話|生年月日|金額|合言葉|答え?|メモ|コメント|キーワード)$/i;

/**
 * Whether the name visible beside a field differs from the one in the markup. A name that nobody sees counts only if no other is
 * visible; a visible one must be before the field, with no other field in between and no other name nearer.
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
  const isUnseen = from.length === 0;
  const texts = textsBeside(name, from, scene);
  const itself = texts.filter(({ isItself }) => isItself);
  const head = itself.filter(({ area }) => isAbove(area, field));
  const roots = isUnseen ? treesOf(document) : [first.getRootNode() as Root];
  const wordless = [
    ...wordlessNames(roots, from, paintings),
    ...(isUnseen ? controlsIn(roots, inputs) : []),
  ].filter(({ data }) => !isAbout(data, name));
  const named = [...texts, ...wordless];
  const pictures = isUnseen ? picturesIn(roots, PICTURES).filter(({ data }) => !isAbout(data, name)) : [];
  // What is before both the field and its own name above it is in another column.
  const isApart = ({ right }: Area) => head.length > 0 && head.every(({ area }) => right <= area.left + 2);
  const left = nearest(
    [...named, ...pictures].filter(({ area }) => isLeftOf(area, field) && !isApart(area)),
    ({ area }) => field.left - area.right,
  );
  if (left && !left.own && !texts.some(({ area, own }) => own && isLeftOf(area, field))) return true;
  if (isUnseen && (asksFor(first, name) || wordless.some(({ area }) => sizeOf(common(area, field)) > 0)))
    return true;
  const rivals = others
    .filter((other) => !inputs.includes(other) && !unseen(other))
    .map((other) => boxOf(other));
  const isAboutRival = ({ area }: { readonly area: Area }) =>
    rivals.some(
      (rival) => isLeftOf(area, rival) || (isAbove(rival, field, 1e9) && rival.top >= area.bottom - 1),
    );
  const allAbove = named.filter(
    (one) =>
      !one.isPressed &&
      isAbove(one.area, field) &&
      !isAboutRival(one) &&
      (isUnseen || !one.data.includes('。')),
  );
  const above = nearest(allAbove, ({ area }) => field.top - area.bottom);
  const isAboveOther = above !== undefined && !above.own;
  if (isUnseen) return !left && isAboveOther;
  // Where it is scrolled away, with the field or without, it is not painted.
  const places = itself.length > 0 ? itself.map(({ area }) => area) : from.map((one) => boxOf(one));
  const said = places.filter((area) => isBefore(area, field) || sizeOf(common(area, field)) > 0);
  const between = rivals.some((rival) =>
    said.every(
      (area) =>
        (isLeftOf(rival, field, 1e9) && rival.left >= area.right - 1) ||
        (isAbove(rival, field, 1e9) && rival.top >= area.bottom - 1),
    ),
  );
  const isFar = said.every((area) => gapOf(area, field) > NEAR);
  const isUnderOwn = ({ area }: { readonly area: Area }) =>
    said.every(({ bottom }) => bottom <= area.top + 2);
  const isUnderOther = allAbove.some((one) => !one.own && isTyped(one.data) && isUnderOwn(one));
  return said.length === 0 || between || isUnderOther || (isFar && isAboveOther);
}

/** Texts that can be names: of them those of the field's own name, and those that say it. */
function textsBeside(name: string, from: readonly Element[], scene: Scene) {
  return scene.paintings.flatMap(({ text, element, area }) => {
    if (!text || !isName(text.data) || element.closest('button,option')) return [];
    const isItself = from.some((one) => one.contains(text));
    const isSaid = isAbout(text.data, name);
    if (isSaid && (isInLink(element) || unreadable(element, scene, area))) return [];
    return { area, data: text.data, isPressed: false, isItself, own: isItself || isSaid };
  });
}

interface WordlessName {
  readonly area: Area;
  readonly data: string;
  /** Whether it is pressed or typed into, and so is no name of what is under it. */
  readonly isPressed: boolean;
  readonly own: false;
}

/** Names beside a field that are no texts of the page: generated letters, pictures, and buttons if nobody sees the field's own name. */
function wordlessNames(
  roots: readonly Root[],
  from: readonly Element[],
  paintings: readonly Painting[],
): WordlessName[] {
  const drawn = paintings.flatMap(({ text, letters, element, area }) => {
    if (element instanceof HTMLImageElement) return [];
    const isPressed = element.closest('button') !== null;
    const data = text ? (from.length === 0 && isPressed ? text.data : '') : (letters ?? '');
    return isName(data) && !from.some((one) => one.contains(element))
      ? { area, data, isPressed, own: false as const }
      : [];
  });
  return [...drawn, ...picturesIn(roots, 'img[alt]').filter(({ data }) => isName(data))];
}

/** Seen pictures and the like that are more than icons. */
function picturesIn(roots: readonly Root[], selector: string): WordlessName[] {
  return roots.flatMap((root) =>
    [...all<Element & { readonly alt?: string }>(root, selector)].flatMap((picture) => {
      const area = boxOf(picture);
      return area.right - area.left > WIDEST_ICON && !unseen(picture)
        ? { area, data: picture.alt ?? '', isPressed: false, own: false as const }
        : [];
    }),
  );
}

/** Words in seen inputs and text areas. */
function controlsIn(roots: readonly Root[], field: readonly Element[]): WordlessName[] {
  return roots.flatMap((root) =>
    [...all<HTMLInputElement | HTMLTextAreaElement>(root, CONTROLS)].flatMap((control) => {
      const { type, value, placeholder } = control;
      const isTypedInto = control.matches(':enabled:read-write');
      const data = SILENT.test(type) ? '' : value || (isTypedInto ? '' : placeholder);
      return isName(data) && !field.includes(control) && !unseen(control)
        ? { area: boxOf(control), data, isPressed: isTypedInto || PRESSED.test(type), own: false as const }
        : [];
    }),
  );
}

/** Whether the placeholder of a field says another name than its own. */
const asksFor = ({ placeholder }: HTMLInputElement, name: string) =>
  isNameOfAnother(placeholder) && !isAbout(placeholder, name);

/** Whether a text that may say how to type the code names something else. */
const isNameOfAnother = (text: string) => isName(text.replace(ASKING, ''));

/** Whether a text is the name of something else that people type. */
const isTyped = (text: string) =>
  TYPED.test(labelName(text).replace(/\([^()]*\)$/, '')) && isNameOfAnother(text);

/** Whether a text can be a name, as it is no mark, number or hint. */
const isName = (text: string) =>
  !saysHow(text) && /\p{L}/u.test(labelName(text).replace(/半角|全角|英?数字?|桁/g, ''));

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

/** Whether a name is left of a field, above it, or both, as one in a cell over several rows is. */
const isBefore = (one: Area, field: Area) =>
  isLeftOf(one, field, 1e9) ||
  isAbove(one, field, 1e9) ||
  (one.right <= field.left + 2 && one.bottom <= field.top + 2 && gapOf(one, field) < NEAR);

const gapOf = (one: Area, other: Area) =>
  Math.hypot(
    Math.max(0, one.left - other.right, other.left - one.right),
    Math.max(0, one.top - other.bottom, other.top - one.bottom),
  );

function nearest<T>(things: readonly T[], distance: (thing: T) => number): T | undefined {
  return things.toSorted((one, other) => distance(one) - distance(other))[0];
}
