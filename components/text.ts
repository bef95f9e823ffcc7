import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Text } from '../core/shell.ts';
import type messages from '../public/_locales/ja/messages.json';

/** The name of a visible text: a key of `public/_locales/ja/messages.json`. */
export type TextKey = keyof typeof messages;

export type Texts = Text<TextKey>;

export const TextContext = createContext<Texts>((key) => key);

/** The one of two texts of the directory that is in the customer's language. */
export function inLanguage(text: Texts, japanese: string, english: string): string {
  return text('languageTag') === 'ja' ? japanese : english;
}

/** The texts in the customer's language. */
export function useText(): Texts {
  return useContext(TextContext);
}
