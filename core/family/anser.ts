import type { MenuEntry, Screen } from './screen.ts';

const OTP = 'ワンタイムパスワード';

const ISSUE = [
  'ソフトウェアトークン発行情報入力',
  'ソフトウェアトークン発行情報入力内容確認',
  'ソフトウェアトークン発行完了',
];
const ACTIVATE = ['ソフトウェアトークン確認', 'ソフトウェアトークン完了'];
const RELEASE = ['利用解除確認', '利用解除完了'];
/** Without 取引認証 its step is left out. */
const CONFIRMED_TRANSFER = ['振込先・金額の入力', '確認画面', '取引認証', '完了'];
const DIRECT_TRANSFER = ['振込先・金額の入力', '確認画面', '完了'];
const LIMIT = ['変更内容の入力', '受付完了'];

/** The screens of the ANSER family, in the guides' order. */
const SCREENS = {
  login: { id: 'BLI001', heading: 'ログイン', trail: ['ログイン', 'トップページ'], step: 0 },
  loginOtp: {
    id: 'BLI023',
    heading: 'ログイン（ワンタイムパスワード認証）',
    trail: ['ログイン', 'ワンタイムパスワード認証', 'トップページ'],
    step: 1,
    asks: { code: 'password', labels: [OTP], toldBy: 'id' },
  },
  loginStopped: {
    id: 'BLI090',
    isOurs: true,
    heading: 'ワンタイムパスワード認証の停止',
    trail: ['ログイン', 'ワンタイムパスワード認証の停止'],
    step: 1,
  },
  loggedOut: { id: 'BLO001', isOurs: true, heading: 'ログアウト', trail: ['ログアウト'], step: 0 },
  timedOut: { id: 'BER020', heading: 'タイムアウト', trail: ['タイムアウト'], step: 0 },
  top: { id: 'BPT001', heading: 'トップページ', trail: ['トップページ'], step: 0, menu: '/top' },
  otpMenu: {
    id: 'BOP001',
    heading: 'ワンタイムパスワード申請内容選択',
    trail: ['トップページ', 'ワンタイムパスワード申請内容選択'],
    step: 1,
    menu: '/otp',
  },
  issueInput: {
    id: 'BOT001',
    heading: 'トークン発行（ソフトウェアトークン発行情報入力）',
    trail: ISSUE,
    step: 0,
    menu: '/otp',
  },
  issueConfirm: {
    id: 'BOT003',
    isOurs: true,
    heading: 'トークン発行（ソフトウェアトークン発行情報入力内容確認）',
    trail: ISSUE,
    step: 1,
    menu: '/otp',
  },
  issueComplete: {
    id: 'BOT002',
    heading: 'トークン発行（ソフトウェアトークン発行完了）',
    trail: ISSUE,
    step: 2,
    menu: '/otp',
  },
  activateConfirm: {
    id: 'BOK001',
    isOurs: true,
    heading: 'ワンタイムパスワード利用開始（ソフトウェアトークン確認）',
    trail: ACTIVATE,
    step: 0,
    menu: '/otp',
    asks: { code: 'password', labels: [OTP], toldBy: 'heading' },
  },
  activateComplete: {
    id: 'BOK002',
    isOurs: true,
    heading: 'ワンタイムパスワード利用開始（ソフトウェアトークン完了）',
    trail: ACTIVATE,
    step: 1,
    menu: '/otp',
  },
  releaseConfirm: {
    id: 'BOS001',
    heading: 'ワンタイムパスワード利用解除（利用解除確認）',
    trail: RELEASE,
    step: 0,
    menu: '/otp',
    asks: { code: 'password', labels: [OTP], toldBy: 'id' },
  },
  releaseComplete: {
    id: 'BOS002',
    isOurs: true,
    heading: 'ワンタイムパスワード利用解除（利用解除完了）',
    trail: RELEASE,
    step: 1,
    menu: '/otp',
  },
  firstUse: {
    id: 'BLI010',
    isOurs: true,
    heading: '初回利用登録',
    trail: ['ログイン', '初回利用登録'],
    step: 1,
  },
  accounts: {
    id: 'BAC001',
    isOurs: true,
    heading: '口座情報',
    trail: ['トップページ', '口座情報'],
    step: 1,
    menu: '/accounts',
  },
  transfer: {
    id: 'BFR001',
    isOurs: true,
    heading: '振込・振替',
    trail: ['トップページ', '振込・振替'],
    step: 1,
    menu: '/transfer',
  },
  transferInput: {
    id: 'BFT001',
    isOurs: true,
    heading: '振込（振込先・金額の入力）',
    trail: CONFIRMED_TRANSFER,
    step: 0,
    menu: '/transfer',
  },
  transferWaiting: {
    id: 'BFT003',
    isOurs: true,
    heading: '振込（取引認証）',
    trail: CONFIRMED_TRANSFER,
    step: 2,
    menu: '/transfer',
    asks: { code: 'confirmation', labels: ['取引認証コード'], toldBy: 'id' },
  },
  transferComplete: {
    id: 'BFT004',
    isOurs: true,
    heading: '振込（完了）',
    trail: CONFIRMED_TRANSFER,
    step: 3,
    menu: '/transfer',
  },
  transferStopped: {
    id: 'BFT005',
    isOurs: true,
    heading: '振込（お手続きの中止）',
    trail: CONFIRMED_TRANSFER,
    step: 2,
    menu: '/transfer',
  },
  transferRunning: {
    id: 'BFT006',
    isOurs: true,
    heading: '振込（処理中）',
    trail: CONFIRMED_TRANSFER,
    step: 2,
    menu: '/transfer',
  },
  directInput: {
    id: 'BFT001',
    isOurs: true,
    heading: '振込（振込先・金額の入力）',
    trail: DIRECT_TRANSFER,
    step: 0,
    menu: '/transfer',
  },
  directConfirm: {
    id: 'BFT002',
    isOurs: true,
    heading: '振込（確認画面）',
    trail: DIRECT_TRANSFER,
    step: 1,
    menu: '/transfer',
  },
  directComplete: {
    id: 'BFT004',
    isOurs: true,
    heading: '振込（完了）',
    trail: DIRECT_TRANSFER,
    step: 2,
    menu: '/transfer',
  },
  directStopped: {
    id: 'BFT005',
    isOurs: true,
    heading: '振込（お手続きの中止）',
    trail: DIRECT_TRANSFER,
    step: 1,
    menu: '/transfer',
  },
  ownConfirm: {
    id: 'BFT012',
    isOurs: true,
    heading: '振替（確認画面）',
    trail: DIRECT_TRANSFER,
    step: 1,
    menu: '/transfer',
  },
  ownComplete: {
    id: 'BFT014',
    isOurs: true,
    heading: '振替（完了）',
    trail: DIRECT_TRANSFER,
    step: 2,
    menu: '/transfer',
  },
  ownStopped: {
    id: 'BFT015',
    isOurs: true,
    heading: '振替（お手続きの中止）',
    trail: DIRECT_TRANSFER,
    step: 1,
    menu: '/transfer',
  },
  limitInput: {
    id: 'BSL001',
    isOurs: true,
    heading: '振込・振替限度額の変更（変更内容の入力）',
    trail: LIMIT,
    step: 0,
    menu: '/services',
  },
  limitComplete: {
    id: 'BSL002',
    isOurs: true,
    heading: '振込・振替限度額の変更（受付完了）',
    trail: LIMIT,
    step: 1,
    menu: '/services',
  },
  services: {
    id: 'BSV001',
    isOurs: true,
    heading: 'ご利用サービスの変更',
    trail: ['トップページ', 'ご利用サービスの変更'],
    step: 1,
    menu: '/services',
  },
  error: { id: 'BER001', isOurs: true, heading: 'エラー', trail: ['エラー'], step: 0 },
} as const satisfies Record<string, Screen>;

const MENU = [
  { path: '/top', label: 'ホーム' },
  { path: '/accounts', label: '口座情報' },
  { path: '/transfer', label: '振込・振替' },
  { path: '/otp', label: 'ワンタイムパスワード申請' },
  { path: '/services', label: 'ご利用サービスの変更' },
] as const satisfies readonly MenuEntry[];

/** Credit cooperatives on the ANSER banking service. */
export const ANSER = {
  screens: SCREENS,
  menu: MENU,
  words: { us: '当組合', loginId: 'ログインID' },
} as const;
