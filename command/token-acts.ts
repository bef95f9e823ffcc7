/** What staff do to a token by the command, and what comes of it. */
export const TOKEN_ACTS = {
  unlock: '認証停止の解除: codes are taken again, and none counts as wrong',
  suspend: '利用停止: nothing is taken until the token is resumed',
  resume: '利用停止の解除: the token is again what it was',
  release: '利用解除: the token is out of use for good',
  void: 'breaks off an issue that is not in use yet',
} as const;

export type TokenAct = keyof typeof TOKEN_ACTS;

export const TOKEN_ACT_NAMES = Object.keys(TOKEN_ACTS) as TokenAct[];
