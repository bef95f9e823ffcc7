import type { Text } from '../../core/shell.ts';

/** The texts of one language; all are empty until they are loaded. */
export function webTexts(language: string) {
  let messages: Messages = {};
  const loaded = messagesFor(language).then((all) => {
    messages = all;
  });
  /** Looks texts up the way `browser.i18n.getMessage` does: `$1` to `$9` are the substitutions, `$$` a dollar sign. */
  const text: Text<string> = (key, ...substitutions) =>
    (messages[key]?.message ?? '').replace(/\$(\$|[1-9])/g, (_all, what: string) =>
      what === '$' ? '$' : (substitutions[Number(what) - 1] ?? ''),
    );
  return { text, loaded };
}

async function messagesFor(language: string): Promise<Messages> {
  const { default: messages } = language.startsWith('ja')
    ? await import('../../public/_locales/ja/messages.json')
    : await import('../../public/_locales/en/messages.json');
  return messages;
}

type Messages = Readonly<Record<string, { readonly message: string }>>;
