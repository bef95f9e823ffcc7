/** A bank screen that asks for a one-time password. All texts are compared after `plain()`. */
export interface ScreenRule {
  /** Our name for it; the 画面ID where the bank prints one. */
  readonly id: string;
  /** 画面ID as printed on the page, where the guides show one; scans of one screen may differ. */
  readonly ids: readonly string[];
  readonly headings: readonly string[];
  /** Names of the field for the code. */
  readonly labels: readonly string[];
}

const OTP = 'ワンタイムパスワード';

/** The ANSER family, from the guides. A rule without `ids` goes by its heading, and where no other rule's id is. */
export const ANSER_SCREENS: readonly ScreenRule[] = [
  {
    id: 'BLI023',
    ids: ['BLI023'],
    headings: [`ログイン(${OTP}認証)`],
    labels: [OTP],
  },
  {
    id: 'OTP-ACTIVATE',
    ids: [],
    headings: [`${OTP}利用開始(ソフトウェアトークン確認)`],
    labels: [OTP],
  },
  {
    id: 'BOS001',
    ids: ['BOS001'],
    headings: [`${OTP}利用解除(利用解除確認)`],
    labels: [OTP],
  },
];
