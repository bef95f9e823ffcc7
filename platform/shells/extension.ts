import type { Shell } from '../../core/ports.ts';
import { browser } from '../browser.ts';
import { lazyConfirmations } from './lazy-confirmations.ts';
import { createPageShell } from './page.ts';

/** The full page inside the extension. */
export async function createShell(): Promise<Shell> {
  return createPageShell(
    (key, ...substitutions) => browser.i18n.getMessage(key, substitutions),
    () => lazyConfirmations,
  );
}
