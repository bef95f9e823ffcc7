import type { Institution } from '../institution/directory.ts';

/** A bank screen that asks for a code. All texts are compared after `plain()`. */
export interface ScreenRule {
  /** Our name for it; the 画面ID where the bank prints one. */
  readonly id: string;
  /** What the field is for: a one-time password, or the code of a confirmed transfer that the screen shows. */
  readonly asks: 'password' | 'confirmation';
  /** 画面ID as printed on the page, where the guides show one; scans of one screen may differ. */
  readonly ids: readonly string[];
  readonly headings: readonly string[];
  /** Names of the field for the code. */
  readonly labels: readonly string[];
}

const OTP = 'ワンタイムパスワード';

/** A screen that asks for a one-time password, by its headings; and what differs from most. */
const asksPassword = (
  id: string,
  headings: readonly string[],
  { ids = [], labels = [OTP] }: Partial<Pick<ScreenRule, 'ids' | 'labels'>> = {},
): ScreenRule => ({ id, asks: 'password', ids, headings, labels });

/** The ANSER family, from the guides. A rule without `ids` goes by its heading, and where no other rule's id is. */
export const ANSER_SCREENS: readonly ScreenRule[] = [
  asksPassword('BLI023', [`ログイン(${OTP}認証)`], { ids: ['BLI023'] }),
  asksPassword('OTP-ACTIVATE', [`${OTP}利用開始(ソフトウェアトークン確認)`]),
  asksPassword('BOS001', [`${OTP}利用解除(利用解除確認)`], { ids: ['BOS001'] }),
  {
    id: 'BFT003',
    asks: 'confirmation',
    ids: ['BFT003'],
    headings: ['振込(取引認証)'],
    labels: ['取引認証コード'],
  },
];

/**
 * The しんきん family, which prints no 画面ID. A code is asked for beside the 契約者ID or on a page after it; the guides do
 * not show 交換, where the code of the token in use has a name of its own.
 */
export const SHINKIN_SCREENS: readonly ScreenRule[] = [
  asksPassword('SHINKIN-LOGIN', ['ログイン', `${OTP}認証`]),
  asksPassword('SHINKIN-REGISTER', [`${OTP}利用開始`, `${OTP}登録`, `${OTP}の登録`]),
  asksPassword('SHINKIN-REPLACE', [`${OTP}交換`], { labels: [`現在の${OTP}`, `ご利用中の${OTP}`] }),
  asksPassword('SHINKIN-STOP', [`${OTP}利用中止`]),
];

/** The screens of each family of banks. */
export const FAMILY_SCREENS: Readonly<Record<Institution['family'], readonly ScreenRule[]>> = {
  ANSER: ANSER_SCREENS,
  SHINKIN: SHINKIN_SCREENS,
};

/** All screens: what a page can be recognised as. Whether its bank has such a screen is for the gate to say. */
export const SCREENS: readonly ScreenRule[] = [...ANSER_SCREENS, ...SHINKIN_SCREENS];

/** The rule of a screen, if it is one of these and asks for such a code. */
export const screenAsking = (
  asks: ScreenRule['asks'],
  id: string,
  screens: readonly ScreenRule[] = SCREENS,
): ScreenRule | undefined => screens.find((rule) => rule.id === id && rule.asks === asks);
