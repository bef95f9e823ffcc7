import { FAMILIES } from '../family/families.ts';
import type { Family } from '../family/screen.ts';
import type { Institution } from '../institution/directory.ts';
import { plain } from './text.ts';

/** A bank screen that asks for a code. All texts are compared after `plain()`. */
export interface ScreenRule {
  /** The 画面ID, the guides' or ours. */
  readonly id: string;
  /** What the field is for: a one-time password, or the code of a confirmed transfer that the screen shows. */
  readonly asks: 'password' | 'confirmation';
  /** 画面ID as printed on the page; none where the screen goes by its heading, and where no other rule's id is. */
  readonly ids: readonly string[];
  readonly headings: readonly string[];
  /** Names of the field for the code. */
  readonly labels: readonly string[];
}

/** What the content script knows of screens. */
export interface PageScreens {
  readonly rules: readonly ScreenRule[];
  /** Pattern of the words by which a page is worth reading: one of them is in every label of the rules. */
  readonly words: string;
}

const rulesOf = ({ screens }: Family): ScreenRule[] =>
  Object.values(screens).flatMap(({ id, heading, asks }) => {
    if (asks === undefined) return [];
    const { code, labels, toldBy, otherHeadings = [] } = asks;
    const headings = [heading, ...otherHeadings].map(plain);
    return { id, asks: code, ids: toldBy === 'id' ? [id] : [], headings, labels };
  });

const RULES = Object.fromEntries(Object.entries(FAMILIES).map(([name, family]) => [name, rulesOf(family)]));

/** The screens of an institution's family that ask for a code. */
export const screensOf = ({ family }: Pick<Institution, 'family'>): readonly ScreenRule[] =>
  RULES[family] ?? [];

/** All screens: what a page can be recognised as. Whether its bank has such a screen is for the gate to say. */
export const SCREENS: readonly ScreenRule[] = Object.values(RULES).flat();

/** The rules of the families that some institutions are of, for a build of the extension for these. */
export function pageScreens(institutions: readonly Pick<Institution, 'family'>[]): PageScreens {
  const rules = [...new Set(institutions.flatMap(screensOf))];
  return { rules, words: wordsOf(rules.flatMap(({ labels }) => labels)) };
}

/** The rule of a screen, if it is one of these and asks for such a code. */
export const screenAsking = (
  asks: ScreenRule['asks'],
  id: string,
  screens: readonly ScreenRule[] = SCREENS,
): ScreenRule | undefined => screens.find((rule) => rule.id === id && rule.asks === asks);

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
