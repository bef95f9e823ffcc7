/** Names of RFC 6030 and of what it builds on. */

export const NAMESPACES = {
  pskc: 'urn:ietf:params:xml:ns:keyprov:pskc',
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  xenc: 'http://www.w3.org/2001/04/xmlenc#',
  xenc11: 'http://www.w3.org/2009/xmlenc11#',
  pkcs5: 'http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#',
} as const;

export const HOTP = 'urn:ietf:params:xml:ns:keyprov:pskc:hotp';
export const TOTP = 'urn:ietf:params:xml:ns:keyprov:pskc:totp';
export const PBKDF2 = 'http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#pbkdf2';

/** Ciphers by their names in XML Encryption. */
export const CIPHERS: ReadonlyMap<string | undefined, { readonly name: string; readonly keyBytes: number }> =
  new Map([
    [`${NAMESPACES.xenc}aes128-cbc`, { name: 'aes-128-cbc', keyBytes: 16 }],
    [`${NAMESPACES.xenc}aes192-cbc`, { name: 'aes-192-cbc', keyBytes: 24 }],
    [`${NAMESPACES.xenc}aes256-cbc`, { name: 'aes-256-cbc', keyBytes: 32 }],
  ]);

/** HMACs by their names in XML Signature. */
export const MACS: ReadonlyMap<string | undefined, string> = new Map([
  [`${NAMESPACES.ds}hmac-sha1`, 'sha1'],
  ['http://www.w3.org/2001/04/xmldsig-more#hmac-sha256', 'sha256'],
  ['http://www.w3.org/2001/04/xmldsig-more#hmac-sha384', 'sha384'],
  ['http://www.w3.org/2001/04/xmldsig-more#hmac-sha512', 'sha512'],
]);
