declare module 'http_ece' {
  import type { ECDH } from 'node:crypto';

  interface Parameters {
    readonly version: 'aes128gcm';
    readonly privateKey: ECDH;
    readonly dh?: string;
    readonly authSecret: string;
    readonly salt?: Uint8Array;
    /** Bytes of padding. */
    readonly pad?: number;
  }

  export function encrypt(plain: Buffer, parameters: Parameters): Buffer<ArrayBuffer>;
  export function decrypt(encrypted: Buffer, parameters: Parameters): Buffer;
}
