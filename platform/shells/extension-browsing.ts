import type { PrivateBrowsing } from '../../core/vault/storage.ts';
import { native } from '../native.ts';

/**
 * Private browsing as an extension's page sees it. Firefox tells whether a page is private. A private page gets the background
 * page only if that is private too, which means that all windows are. Chromium opens no extension pages in private windows.
 */
export async function extensionBrowsing(): Promise<PrivateBrowsing> {
  if (!native.extension.inIncognitoContext) return 'no';
  const background = await native.runtime.getBackgroundPage().catch(() => null);
  return background ? 'always' : 'window';
}
