import type { Text } from '../../core/shell.ts';

type Language = 'ja' | 'en';
export type FirstTexts = Readonly<Record<Language, Readonly<Record<string, string>>>>;
type Messages = Readonly<Record<string, { readonly message: string }>>;

const LOAD: Readonly<Record<Language, () => Promise<{ readonly default: Messages }>>> = {
  ja: () => import('../../public/_locales/ja/messages.json'),
  en: () => import('../../public/_locales/en/messages.json'),
};

/**
 * The texts of one language. Those that are not among the first are empty until all are loaded.
 * @param first the texts that are there from the start
 */
export function webTexts(language: string, first: FirstTexts) {
  const own = language.startsWith('ja') ? 'ja' : 'en';
  let find = (key: string) => first[own][key];
  /** Looks texts up the way `browser.i18n.getMessage` does: `$1` to `$9` are the substitutions, `$$` a dollar sign. */
  const text: Text<string> = (key, ...substitutions) =>
    (find(key) ?? '').replace(/\$(\$|[1-9])/g, (_all, what: string) =>
      what === '$' ? '$' : (substitutions[Number(what) - 1] ?? ''),
    );
  /** Rejects if the browser cannot load them. */
  const loadAll = async () => {
    const { default: messages } = await LOAD[own]();
    find = (key) => messages[key]?.message;
  };
  return { text, loadAll };
}
