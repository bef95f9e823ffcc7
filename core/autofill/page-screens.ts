import type { Institution } from '../institution/directory.ts';
import { type ScreenRule, screensOf } from './screens.ts';

/** What the content script knows about screens. */
export interface PageScreens {
  readonly rules: readonly ScreenRule[];
  /** Pattern of words, one of which is in every label of the rules. Pages without any of them are not read. */
  readonly words: string;
}

/** The rules of the families of some institutions, for a build of the extension for them. */
export function pageScreens(institutions: readonly Pick<Institution, 'family'>[]): PageScreens {
  const rules = [...new Set(institutions.flatMap(screensOf))];
  return { rules, words: wordsOf(rules.flatMap(({ labels }) => labels)) };
}

/** How many characters at the start of a label identify it; a page may break the rest into lines. */
const BEGINNING = 4;

/** A pattern of the starts of labels, in half and full width. A label that contains another one is left out. */
function wordsOf(labels: readonly string[]): string {
  const shortest = labels.filter(
    (label) => !labels.some((other) => other !== label && label.includes(other)),
  );
  const beginnings = shortest.map((label) => label.slice(0, BEGINNING));
  return [...new Set(beginnings.flatMap((word) => [word, inOtherWidth(word)]))].join('|');
}

const HALF_WIDTH_KANA = Array.from({ length: 0x3f }, (_none, at) => String.fromCharCode(0xff61 + at));
const FULL_WIDTH_LATIN = Array.from({ length: 0x5e }, (_none, at) => String.fromCharCode(0xff01 + at));

/** Characters with their forms of the other width. Voiced kana have two characters in half width. */
const OTHER_WIDTH = new Map(
  [...HALF_WIDTH_KANA.flatMap((kana) => [kana, `${kana}ﾞ`, `${kana}ﾟ`]), ...FULL_WIDTH_LATIN].map((text) => [
    text.normalize('NFKC'),
    text,
  ]),
);

const inOtherWidth = (word: string) =>
  [...word].map((character) => OTHER_WIDTH.get(character) ?? character).join('');
