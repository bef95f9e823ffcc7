import type { webcrypto } from 'node:crypto';

// Node has WebCrypto's values as globals but not its type names; core is shared with browsers and uses both.
declare global {
  type CryptoKey = webcrypto.CryptoKey;
  type KeyUsage = webcrypto.KeyUsage;
  type HmacImportParams = webcrypto.HmacImportParams;
  type AesGcmParams = webcrypto.AesGcmParams;
}
