/**
 * What makes a token's codes. software: ours, set up by 初期設定 · serial: an app that makes its own シリアル番号 and is
 * registered with it · hardware-totp, hardware-hotp: a device, by its clock or by its button
 */
export const TOKEN_KINDS = ['software', 'serial', 'hardware-totp', 'hardware-hotp'] as const;

export type TokenKind = (typeof TOKEN_KINDS)[number];

/** Whether it is a device that shows nothing but codes: it is imported, not set up, and confirms nothing. */
export const isHardware = (kind: TokenKind): boolean => kind === 'hardware-totp' || kind === 'hardware-hotp';
