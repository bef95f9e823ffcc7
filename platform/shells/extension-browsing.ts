import type { PrivateBrowsing } from '../../core/vault/storage.ts';
import { native } from '../native.ts';

/**
 * Of an extension's page. Firefox says of each page whether it is private, and gives a private one the background page only
 * where that is private as well: where no window is any other. Chromium opens pages of extensions in no private window.
 */
export async function extensionBrowsing(): Promise<PrivateBrowsing> {
  if (!native.extension.inIncognitoContext) return 'no';
  const background = await native.runtime.getBackgroundPage().catch(() => null);
  return background ? 'always' : 'window';
}
