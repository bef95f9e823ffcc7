import type { Shell, Text } from '../../core/ports.ts';
import en from '../../public/_locales/en/messages.json';
import ja from '../../public/_locales/ja/messages.json';
import { createConfirmations } from '../service/confirmations.ts';
import { createConfirmer } from '../service/confirmer.ts';
import { keepDecision } from '../storage/decisions.ts';
import { tokenKeys } from '../storage/token-keys.ts';
import { vault } from '../storage/vault.ts';
import { createPageShell } from './page.ts';

/** The companion web token: the same page, served by the token service. */
export async function createShell(): Promise<Shell> {
  return createPageShell(textIn(navigator.language.startsWith('ja') ? ja : en), (ports) =>
    createConfirmations(createConfirmer({ ...ports, keys: tokenKeys, keepDecision }), vault),
  );
}

type Messages = Readonly<Record<string, { readonly message: string }>>;

/** Looks texts up the way `browser.i18n.getMessage` does: `$1` to `$9` are the substitutions, `$$` a dollar sign. */
function textIn(messages: Messages): Text<string> {
  return (key, ...substitutions) =>
    (messages[key]?.message ?? '').replace(/\$(\$|[1-9])/g, (_all, what: string) =>
      what === '$' ? '$' : (substitutions[Number(what) - 1] ?? ''),
    );
}
