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

/** The ANSER family, from the guides. A rule without `ids` goes by its heading, and where no other rule's id is. */
export const ANSER_SCREENS: readonly ScreenRule[] = [
  {
    id: 'BLI023',
    asks: 'password',
    ids: ['BLI023'],
    headings: [`ログイン(${OTP}認証)`],
    labels: [OTP],
  },
  {
    id: 'OTP-ACTIVATE',
    asks: 'password',
    ids: [],
    headings: [`${OTP}利用開始(ソフトウェアトークン確認)`],
    labels: [OTP],
  },
  {
    id: 'BOS001',
    asks: 'password',
    ids: ['BOS001'],
    headings: [`${OTP}利用解除(利用解除確認)`],
    labels: [OTP],
  },
  {
    id: 'BFT003',
    asks: 'confirmation',
    ids: ['BFT003'],
    headings: ['振込(取引認証)'],
    labels: ['取引認証コード'],
  },
];

/** The rule of a screen, if it is one of ours and asks for such a code. */
export const screenAsking = (asks: ScreenRule['asks'], id: string): ScreenRule | undefined =>
  ANSER_SCREENS.find((rule) => rule.id === id && rule.asks === asks);
