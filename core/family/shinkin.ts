import type { Screen } from './screen.ts';

const OTP = 'ワンタイムパスワード';
const SERIAL = 'シリアル番号';

/**
 * The screens of the しんきん family that ask for a code. They print no 画面ID. A code is asked for beside the 契約者ID or on
 * a page after it; the guides do not show 交換, where the code of the token in use has a name of its own.
 */
const SCREENS = {
  login: {
    id: 'SLI001',
    isOurs: true,
    heading: 'ログイン',
    asks: { code: 'password', labels: [OTP], toldBy: 'heading', otherHeadings: [`${OTP}認証`] },
  },
  register: {
    id: 'SOT001',
    isOurs: true,
    heading: `${OTP}登録`,
    asks: {
      code: 'password',
      token: 'unregistered',
      labels: [OTP],
      beside: [{ gives: 'serial', labels: [SERIAL] }],
      toldBy: 'heading',
      otherHeadings: [`${OTP}利用開始`, `${OTP}の登録`],
    },
  },
  replace: {
    id: 'SOR001',
    isOurs: true,
    heading: `${OTP}交換`,
    asks: {
      code: 'password',
      labels: [`現在の${OTP}`, `ご利用中の${OTP}`],
      beside: [
        { gives: 'serial', labels: [`新しい${SERIAL}`, `新しいトークンの${SERIAL}`] },
        { gives: 'code', labels: [`新しい${OTP}`, `新しいトークンの${OTP}`] },
      ],
      toldBy: 'heading',
    },
  },
  stop: {
    id: 'SOS001',
    isOurs: true,
    heading: `${OTP}利用中止`,
    asks: { code: 'password', labels: [OTP], toldBy: 'heading' },
  },
  error: { id: 'SER001', isOurs: true, heading: 'エラー', trail: ['エラー'], step: 0 },
} as const satisfies Record<string, Screen>;

/** Shinkin banks. */
export const SHINKIN = {
  screens: SCREENS,
  menu: [],
  words: {
    us: '当金庫',
    loginId: '契約者ID（利用者番号）',
    otpMenu: 'ワンタイムパスワード',
    changeLimit: '限度額の変更は、お取引店舗の窓口で承ります。',
  },
} as const;
