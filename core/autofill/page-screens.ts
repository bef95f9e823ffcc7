import type { Institution } from '../institution/directory.ts';
import { type ScreenRule, screensOf } from './screens.ts';

/** What the content script knows of screens. */
export interface PageScreens {
  readonly rules: readonly ScreenRule[];
  /** Pattern of the words by which a page is worth reading: one of them is in every label of the rules. */
  readonly words: string;
}

/** The rules of the families that some institutions are of, for a build of the extension for these. */
export function pageScreens(institutions: readonly Pick<Institution, 'family'>[]): PageScreens {
  const rules = [...new Set(institutions.flatMap(screensOf))];
  return { rules, words: wordsOf(rules.flatMap(({ labels }) => labels)) };
}

/** How much of a label tells it from other texts; a page may break the rest into lines. */
const BEGINNING = 4;

/** A pattern of the beginnings of labels, in either width. A label that has another in it says nothing more. */
function wordsOf(labels: readonly string[]): string {
  const shortest = labels.filter(
    (label) => !labels.some((other) => other !== label && label.includes(other)),
  );
  const beginnings = shortest.map((label) => label.slice(0, BEGINNING));
  return [...new Set(beginnings.flatMap((word) => [word, inOtherWidth(word)]))].join('|');
}

const HALF_WIDTH_KANA = Array.from({ length: 0x3f }, (_none, at) => String.fromCharCode(0xff61 + at));
const FULL_WIDTH_LATIN = Array.from({ length: 0x5e }, (_none, at) => String.fromCharCode(0xff01 + at));

/** Characters by their like in the other width. Voiced kana are two characters of half width. */
const OTHER_WIDTH = new Map(
  [...HALF_WIDTH_KANA.flatMap((kana) => [kana, `${kana}ﾞ`, `${kana}ﾟ`]), ...FULL_WIDTH_LATIN].map((text) => [
    text.normalize('NFKC'),
    text,
  ]),
);

const inOtherWidth = (word: string) =>
  [...word].map((character) => OTHER_WIDTH.get(character) ?? character).join('');
