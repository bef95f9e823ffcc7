import type { ChallengeUse } from '../api/challenge.ts';
import { FAMILIES } from '../family/families.ts';
import type { Family, FieldBeside } from '../family/screen.ts';
import type { Institution } from '../institution/directory.ts';
import type { TransactionType } from '../transaction/types.ts';
import { plain } from './text.ts';

/** A bank screen that asks for a code. All texts are compared after `plain()`. */
export interface ScreenRule {
  /** The screen's id: the guide's 画面ID, or one of ours. */
  readonly id: string;
  /** Whether the field is for a one-time password, or for the code of a confirmed transaction that the screen shows. */
  readonly asks: 'password' | 'confirmation';
  /** The type of that transaction. */
  readonly of: TransactionType | undefined;
  /** What the token's signature does in the code's place, where its pages can ask for one instead. */
  readonly signs: ChallengeUse | undefined;
  /** 画面ID as the page prints it; undefined if the screen is known by its heading and has no other rule's id. */
  readonly ids: readonly string[];
  readonly headings: readonly string[];
  /** Names of the field for the code. */
  readonly labels: readonly string[];
  /** Whose code that is. */
  readonly token: 'registered' | 'unregistered';
  /** Fields for the token that is to be registered. */
  readonly beside: readonly FieldBeside[];
}

const rulesOf = ({ screens }: Family): ScreenRule[] =>
  Object.values(screens).flatMap(({ id, heading, asks }) => {
    if (asks === undefined) return [];
    const { code, of, signs, labels, toldBy, otherHeadings = [], token = 'registered', beside = [] } = asks;
    const headings = [heading, ...otherHeadings].map(plain);
    return { id, asks: code, of, signs, ids: toldBy === 'id' ? [id] : [], headings, labels, token, beside };
  });

const RULES = Object.fromEntries(Object.entries(FAMILIES).map(([name, family]) => [name, rulesOf(family)]));

/** The screens of an institution's family that ask for a code. */
export const screensOf = ({ family }: Pick<Institution, 'family'>): readonly ScreenRule[] =>
  RULES[family] ?? [];

/** All screens that a page can be recognised as. The gate decides whether its bank has such a screen. */
export const SCREENS: readonly ScreenRule[] = Object.values(RULES).flat();

/** The rule of a screen, if it is one of these rules and asks for this kind of code. */
export const screenAsking = (
  asks: ScreenRule['asks'],
  id: string,
  screens: readonly ScreenRule[] = SCREENS,
): ScreenRule | undefined => screens.find((rule) => rule.id === id && rule.asks === asks);
