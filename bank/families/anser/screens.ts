/** A screen of the ANSER family: 画面ID and heading, as the guides print them. */
export interface Screen {
  readonly id: string;
  readonly heading: string;
  /** Steps of the trail; the last is the screen itself unless `step` says otherwise. */
  readonly trail: readonly string[];
  readonly step: number;
}

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

/**
 * IDs marked "ours" are not printed in the guides; they follow the guides' pattern.
 */
export const SCREENS = {
  login: { id: 'BLI001', heading: 'ログイン', trail: ['ログイン', 'トップページ'], step: 0 },
  loginOtp: {
    id: 'BLI023',
    heading: 'ログイン（ワンタイムパスワード認証）',
    trail: ['ログイン', 'ワンタイムパスワード認証', 'トップページ'],
    step: 1,
  },
  /** Ours. */
  loginStopped: {
    id: 'BLI090',
    heading: 'ワンタイムパスワード認証の停止',
    trail: ['ログイン', 'ワンタイムパスワード認証の停止'],
    step: 1,
  },
  /** Ours. */
  loggedOut: { id: 'BLO001', heading: 'ログアウト', trail: ['ログアウト'], step: 0 },
  timedOut: { id: 'BER020', heading: 'タイムアウト', trail: ['タイムアウト'], step: 0 },
  top: { id: 'BPT001', heading: 'トップページ', trail: ['トップページ'], step: 0 },
  otpMenu: {
    id: 'BOP001',
    heading: 'ワンタイムパスワード申請内容選択',
    trail: ['トップページ', 'ワンタイムパスワード申請内容選択'],
    step: 1,
  },
  issueInput: {
    id: 'BOT001',
    heading: 'トークン発行（ソフトウェアトークン発行情報入力）',
    trail: ISSUE,
    step: 0,
  },
  /** Ours. */
  issueConfirm: {
    id: 'BOT003',
    heading: 'トークン発行（ソフトウェアトークン発行情報入力内容確認）',
    trail: ISSUE,
    step: 1,
  },
  issueComplete: {
    id: 'BOT002',
    heading: 'トークン発行（ソフトウェアトークン発行完了）',
    trail: ISSUE,
    step: 2,
  },
  /** Ours. */
  activateConfirm: {
    id: 'BOK001',
    heading: 'ワンタイムパスワード利用開始（ソフトウェアトークン確認）',
    trail: ACTIVATE,
    step: 0,
  },
  /** Ours. */
  activateComplete: {
    id: 'BOK002',
    heading: 'ワンタイムパスワード利用開始（ソフトウェアトークン完了）',
    trail: ACTIVATE,
    step: 1,
  },
  releaseConfirm: {
    id: 'BOS001',
    heading: 'ワンタイムパスワード利用解除（利用解除確認）',
    trail: RELEASE,
    step: 0,
  },
  /** Ours. */
  releaseComplete: {
    id: 'BOS002',
    heading: 'ワンタイムパスワード利用解除（利用解除完了）',
    trail: RELEASE,
    step: 1,
  },
  /** Ours. */
  firstUse: { id: 'BLI010', heading: '初回利用登録', trail: ['ログイン', '初回利用登録'], step: 1 },
  /** Ours. */
  accounts: { id: 'BAC001', heading: '口座情報', trail: ['トップページ', '口座情報'], step: 1 },
  /** Ours. */
  transfer: { id: 'BFR001', heading: '振込・振替', trail: ['トップページ', '振込・振替'], step: 1 },
  /** Ours, and so is every screen of a transfer. */
  transferInput: {
    id: 'BFT001',
    heading: '振込（振込先・金額の入力）',
    trail: CONFIRMED_TRANSFER,
    step: 0,
  },
  transferWaiting: { id: 'BFT003', heading: '振込（取引認証）', trail: CONFIRMED_TRANSFER, step: 2 },
  transferComplete: { id: 'BFT004', heading: '振込（完了）', trail: CONFIRMED_TRANSFER, step: 3 },
  transferStopped: { id: 'BFT005', heading: '振込（お手続きの中止）', trail: CONFIRMED_TRANSFER, step: 2 },
  transferRunning: { id: 'BFT006', heading: '振込（処理中）', trail: CONFIRMED_TRANSFER, step: 2 },
  directInput: { id: 'BFT001', heading: '振込（振込先・金額の入力）', trail: DIRECT_TRANSFER, step: 0 },
  directConfirm: { id: 'BFT002', heading: '振込（確認画面）', trail: DIRECT_TRANSFER, step: 1 },
  directComplete: { id: 'BFT004', heading: '振込（完了）', trail: DIRECT_TRANSFER, step: 2 },
  directStopped: { id: 'BFT005', heading: '振込（お手続きの中止）', trail: DIRECT_TRANSFER, step: 1 },
  ownConfirm: { id: 'BFT012', heading: '振替（確認画面）', trail: DIRECT_TRANSFER, step: 1 },
  ownComplete: { id: 'BFT014', heading: '振替（完了）', trail: DIRECT_TRANSFER, step: 2 },
  ownStopped: { id: 'BFT015', heading: '振替（お手続きの中止）', trail: DIRECT_TRANSFER, step: 1 },
  /** Ours. */
  limitInput: {
    id: 'BSL001',
    heading: '振込・振替限度額の変更（変更内容の入力）',
    trail: LIMIT,
    step: 0,
  },
  /** Ours. */
  limitComplete: { id: 'BSL002', heading: '振込・振替限度額の変更（受付完了）', trail: LIMIT, step: 1 },
  /** Ours. */
  services: {
    id: 'BSV001',
    heading: 'ご利用サービスの変更',
    trail: ['トップページ', 'ご利用サービスの変更'],
    step: 1,
  },
  /** Ours. */
  error: { id: 'BER001', heading: 'エラー', trail: ['エラー'], step: 0 },
} as const satisfies Record<string, Screen>;

/** The menu of every page after login. */
export const MENU = [
  { path: '/top', label: 'ホーム', screens: ['BPT001'] },
  { path: '/accounts', label: '口座情報', screens: ['BAC001'] },
  {
    path: '/transfer',
    label: '振込・振替',
    screens: [
      'BFR001',
      'BFT001',
      'BFT002',
      'BFT003',
      'BFT004',
      'BFT005',
      'BFT006',
      'BFT012',
      'BFT014',
      'BFT015',
    ],
  },
  {
    path: '/otp',
    label: 'ワンタイムパスワード申請',
    screens: ['BOP001', 'BOT001', 'BOT002', 'BOT003', 'BOK001', 'BOK002', 'BOS001', 'BOS002'],
  },
  { path: '/services', label: 'ご利用サービスの変更', screens: ['BSV001', 'BSL001', 'BSL002'] },
] as const;
