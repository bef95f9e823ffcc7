import type { MenuEntry, Screen } from './screen.ts';

const OTP = 'ワンタイムパスワード';
const SERIAL = 'シリアル番号';

const REGISTER = ['利用者認証', 'ワンタイムパスワード登録', '処理結果'];
const EXCHANGE = ['利用者認証', 'ワンタイムパスワード交換', '処理結果'];
const STOP = ['利用者認証', 'ワンタイムパスワード利用中止', '処理結果'];
const RESYNC = ['利用者認証', 'ワンタイムパスワード再同期', '処理結果'];
/** A token that shows no details has no step of its own. */
const CONFIRMED_TRANSFER = ['振込先・金額の入力', '確認画面', '取引認証', '完了'];
const DIRECT_TRANSFER = ['振込先・金額の入力', '確認画面', '完了'];

/**
 * The screens of the しんきん family. They print no 画面ID. A code is asked for beside the 契約者ID or on a page after it; the
 * guides do not show 交換, where the code of the token in use has a name of its own, nor 再同期, where only devices are asked for codes.
 */
const SCREENS = {
  login: {
    id: 'SLI001',
    isOurs: true,
    heading: 'ログイン',
    trail: ['ログイン', 'トップページ'],
    step: 0,
    asks: { code: 'password', labels: [OTP], toldBy: 'heading', otherHeadings: [`${OTP}認証`] },
  },
  loginOtp: {
    id: 'SLI002',
    isOurs: true,
    heading: `${OTP}認証`,
    trail: ['ログイン', `${OTP}認証`, 'トップページ'],
    step: 1,
  },
  loginStopped: {
    id: 'SLI090',
    isOurs: true,
    heading: `${OTP}認証の停止`,
    trail: ['ログイン', `${OTP}認証の停止`],
    step: 1,
  },
  loggedOut: { id: 'SLO001', isOurs: true, heading: 'ログアウト', trail: ['ログアウト'], step: 0 },
  timedOut: { id: 'SER020', isOurs: true, heading: 'タイムアウト', trail: ['タイムアウト'], step: 0 },
  registerLogin: {
    id: 'SOT000',
    isOurs: true,
    heading: `${OTP}利用開始（利用者認証）`,
    trail: REGISTER,
    step: 0,
  },
  register: {
    id: 'SOT001',
    isOurs: true,
    heading: `${OTP}登録`,
    trail: REGISTER,
    step: 1,
    asks: {
      code: 'password',
      token: 'unregistered',
      labels: [OTP],
      beside: [{ gives: 'serial', labels: [SERIAL] }],
      toldBy: 'heading',
      otherHeadings: [`${OTP}利用開始`, `${OTP}の登録`],
    },
  },
  registerDone: {
    id: 'SOT002',
    isOurs: true,
    heading: `${OTP}利用開始（処理結果）`,
    trail: REGISTER,
    step: 2,
  },
  replaceLogin: {
    id: 'SOR000',
    isOurs: true,
    heading: `${OTP}交換（利用者認証）`,
    trail: EXCHANGE,
    step: 0,
  },
  replace: {
    id: 'SOR001',
    isOurs: true,
    heading: `${OTP}交換`,
    trail: EXCHANGE,
    step: 1,
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
  replaceDone: {
    id: 'SOR002',
    isOurs: true,
    heading: `${OTP}交換（処理結果）`,
    trail: EXCHANGE,
    step: 2,
  },
  stopLogin: {
    id: 'SOS000',
    isOurs: true,
    heading: `${OTP}利用中止（利用者認証）`,
    trail: STOP,
    step: 0,
  },
  stop: {
    id: 'SOS001',
    isOurs: true,
    heading: `${OTP}利用中止`,
    trail: STOP,
    step: 1,
    asks: { code: 'password', labels: [OTP], toldBy: 'heading' },
  },
  stopDone: {
    id: 'SOS002',
    isOurs: true,
    heading: `${OTP}利用中止（処理結果）`,
    trail: STOP,
    step: 2,
  },
  resyncLogin: {
    id: 'SOY000',
    isOurs: true,
    heading: `${OTP}再同期（利用者認証）`,
    trail: RESYNC,
    step: 0,
  },
  resync: {
    id: 'SOY001',
    isOurs: true,
    heading: `${OTP}再同期`,
    trail: RESYNC,
    step: 1,
  },
  resyncDone: {
    id: 'SOY002',
    isOurs: true,
    heading: `${OTP}再同期（処理結果）`,
    trail: RESYNC,
    step: 2,
  },
  top: {
    id: 'STP001',
    isOurs: true,
    heading: 'トップページ',
    trail: ['トップページ'],
    step: 0,
    menu: '/top',
  },
  accounts: {
    id: 'SAC001',
    isOurs: true,
    heading: '口座情報',
    trail: ['トップページ', '口座情報'],
    step: 1,
    menu: '/accounts',
  },
  otpStatus: {
    id: 'SOP001',
    isOurs: true,
    heading: `${OTP}のご利用状況`,
    trail: ['トップページ', `${OTP}のご利用状況`],
    step: 1,
    menu: '/otp',
  },
  transfer: {
    id: 'SFR001',
    isOurs: true,
    heading: '振込・振替',
    trail: ['トップページ', '振込・振替'],
    step: 1,
    menu: '/transfer',
  },
  transferInput: {
    id: 'SFT001',
    isOurs: true,
    heading: '振込（振込先・金額の入力）',
    trail: CONFIRMED_TRANSFER,
    step: 0,
    menu: '/transfer',
  },
  transferWaiting: {
    id: 'SFT003',
    isOurs: true,
    heading: '振込（取引認証）',
    trail: CONFIRMED_TRANSFER,
    step: 2,
    menu: '/transfer',
    asks: { code: 'confirmation', of: 'transfer', labels: ['取引認証コード'], toldBy: 'heading' },
  },
  transferComplete: {
    id: 'SFT004',
    isOurs: true,
    heading: '振込（完了）',
    trail: CONFIRMED_TRANSFER,
    step: 3,
    menu: '/transfer',
  },
  transferStopped: {
    id: 'SFT005',
    isOurs: true,
    heading: '振込（お手続きの中止）',
    trail: CONFIRMED_TRANSFER,
    step: 2,
    menu: '/transfer',
  },
  transferRunning: {
    id: 'SFT006',
    isOurs: true,
    heading: '振込（処理中）',
    trail: CONFIRMED_TRANSFER,
    step: 2,
    menu: '/transfer',
  },
  directInput: {
    id: 'SFT001',
    isOurs: true,
    heading: '振込（振込先・金額の入力）',
    trail: DIRECT_TRANSFER,
    step: 0,
    menu: '/transfer',
  },
  directConfirm: {
    id: 'SFT002',
    isOurs: true,
    heading: '振込（確認画面）',
    trail: DIRECT_TRANSFER,
    step: 1,
    menu: '/transfer',
  },
  directComplete: {
    id: 'SFT004',
    isOurs: true,
    heading: '振込（完了）',
    trail: DIRECT_TRANSFER,
    step: 2,
    menu: '/transfer',
  },
  directStopped: {
    id: 'SFT005',
    isOurs: true,
    heading: '振込（お手続きの中止）',
    trail: DIRECT_TRANSFER,
    step: 1,
    menu: '/transfer',
  },
  directRunning: {
    id: 'SFT006',
    isOurs: true,
    heading: '振込（処理中）',
    trail: DIRECT_TRANSFER,
    step: 1,
    menu: '/transfer',
  },
  ownConfirm: {
    id: 'SFT012',
    isOurs: true,
    heading: '振替（確認画面）',
    trail: DIRECT_TRANSFER,
    step: 1,
    menu: '/transfer',
  },
  ownComplete: {
    id: 'SFT014',
    isOurs: true,
    heading: '振替（完了）',
    trail: DIRECT_TRANSFER,
    step: 2,
    menu: '/transfer',
  },
  ownStopped: {
    id: 'SFT015',
    isOurs: true,
    heading: '振替（お手続きの中止）',
    trail: DIRECT_TRANSFER,
    step: 1,
    menu: '/transfer',
  },
  help: { id: 'SHP001', isOurs: true, heading: 'お困りのとき', trail: ['お困りのとき'], step: 0 },
  error: { id: 'SER001', isOurs: true, heading: 'エラー', trail: ['エラー'], step: 0 },
} as const satisfies Record<string, Screen>;

const MENU = [
  { path: '/top', label: 'ホーム' },
  { path: '/accounts', label: '口座情報' },
  { path: '/transfer', label: '振込・振替' },
  { path: '/otp', label: OTP },
] as const satisfies readonly MenuEntry[];

/** Shinkin banks. */
export const SHINKIN = {
  screens: SCREENS,
  menu: MENU,
  printsIds: false,
  words: {
    us: '当金庫',
    loginId: '契約者ID（利用者番号）',
    serial: SERIAL,
    otpMenu: 'ワンタイムパスワード',
    changeLimit: '限度額の変更は、お取引店舗の窓口で承ります。',
    endUse: '利用中止',
    firstStep: '利用開始',
    useAgain:
      'ワンタイムパスワードの利用を再開する場合は、新しいトークンをご用意のうえ、ログイン画面の「ワンタイムパスワード」の「利用開始」を行ってください。',
    useNew:
      '新しいトークンでワンタイムパスワードをご利用になるには、トークンアプリでシリアル番号のトークンを作るか、ハードウェアトークンをご用意のうえ、ログイン画面の「ワンタイムパスワード」の「利用開始」を行ってください。本日からお手続きいただけます。',
    beforeNew:
      '利用開始までのあいだは、ログインにワンタイムパスワードは不要です。お振込はご利用いただけませんので、お早めにお手続きください。',
    withoutUse:
      'これまでのトークンは使えなくなりました。あらためて利用開始を行うまで、お振込はご利用いただけません。ログインに、ワンタイムパスワードの入力は不要です。',
    toUnlock:
      'ワンタイムパスワードの必要なログインとお振込を再開するには、認証停止の解除が必要です。下記までご連絡ください。',
    whileLocked: '以降は、ワンタイムパスワードの必要なログインとお振込ができません。',
    beforeEnd:
      'それまでに、新しいトークンをご用意のうえ、ログイン画面の「ワンタイムパスワード」の「交換」を行ってください。',
    afterEnd:
      '有効期限を過ぎると、ワンタイムパスワードを利用できなくなり、ワンタイムパスワードの必要なログインとお振込ができなくなります。',
    needsOtp:
      'お振込・お振替には、ワンタイムパスワードの利用登録が必要です。トークンをご用意のうえ、ログイン画面の「ワンタイムパスワード」の「利用開始」からお手続きください。',
    seal: '代表口座のお届印',
    cancellation: {
      name: 'ワンタイムパスワードサービス ソフトウェアトークン解約届',
      asks: 'ワンタイムパスワード（ソフトウェアトークン）の利用の停止を、次のとおり届け出ます。',
      reasons: ['スマートフォンの紛失・盗難', 'スマートフォンの破損・故障', '機種変更', 'その他'],
      told: [
        'お手続きが完了しますと、これまでのトークンは使えなくなり、元に戻せません。ワンタイムパスワードの利用を停止した旨を、ご登録のEメールアドレスへお送りします。',
        'あらためてご利用になるには、新しいトークンをご用意のうえ、ログイン画面の「ワンタイムパスワード」の「利用開始」を行ってください。契約者IDに登録できるワンタイムパスワードは一つだけです。',
        'お急ぎの場合は、この届のご提出を待たず、お電話ください。',
      ],
    },
  },
} as const;
