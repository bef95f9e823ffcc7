import { ANSER } from '../../core/family/anser.ts';
import { confirmingOf } from '../../core/institution/confirming.ts';
import type { Institution } from '../../core/institution/directory.ts';
import { loginWaysOf } from '../../core/institution/login.ts';
import { takesPaper } from '../token/ways.ts';
import type { DemoLogins, StartPlaces } from './places.ts';

/** Where a step takes place. */
export const PLACES = { bank: '銀行', inbox: '受信箱', token: 'トークン', staff: '職員' } as const;

export interface Step {
  readonly title: string;
  readonly titleEn: string;
  readonly place: keyof typeof PLACES;
  readonly text: string;
  /** Opens that place. */
  readonly link: { readonly url: string; readonly label: string };
}

/** The address used in the story; the inbox takes mail for any address. */
const ADDRESS = 'taro@example.jp';

/** Where a token is added to those of other institutions. */
const MORE_TOKENS = 'ほかの金融機関のトークンがすでにあるときは、「設定」の「トークン追加」から始めます。';

type Story = (institution: Institution, bank: string, places: StartPlaces) => readonly Step[];

/** The story from the first login to a confirmed transfer. @param bank prefix of the institution's addresses */
export const storyOf: Story = (institution, bank, places) =>
  STORIES[institution.family](institution, bank, places);

const anserStory: Story = (institution, bank, places) => {
  return [
    ...(takesPaper(institution) ? [registration(places, institution)] : []),
    login(bank, places.demo),
    issue(bank, institution, places.demo),
    mail(institution, places),
    enrolment(institution),
    ...(loginWaysOf(institution)[0] === 'signed' ? bySignature(bank, institution) : byCode(bank)),
    transfer(bank, institution, confirmationPassword(places.demo)),
  ];
};

const ACTIVATION = { title: '利用開始', titleEn: 'Activate the token', place: 'bank' } as const;

const activationLink = (bank: string) => ({ url: `${bank}/otp/activate`, label: '利用開始の画面を開く' });
const loginLink = (bank: string) => ({ url: bank, label: 'ログイン画面を開く' });

const byCode = (bank: string): readonly Step[] => [
  {
    ...ACTIVATION,
    text: '「ワンタイムパスワード申請」→「ワンタイムパスワード利用開始」を開き、トークンに表示されたコードを入力して「利用開始する」を押します。拡張機能があれば、コードは画面に入力されます。',
    link: activationLink(bank),
  },
  {
    title: 'コードでログイン',
    titleEn: 'Log in with a code',
    place: 'bank',
    text: `ログアウトして、もう一度ログインします。今度はワンタイムパスワードの入力画面（${ANSER.screens.loginOtp.id}）が出ます。使ったコードは二度使えないので、次のコードを待って入力します。`,
    link: loginLink(bank),
  },
];

function bySignature(bank: string, institution: Institution): readonly Step[] {
  const typed = loginWaysOf(institution).includes('code')
    ? '拡張機能のないブラウザーでは「ワンタイムパスワードを入力する」を押して、トークンに表示されたコードを入力します。'
    : '';
  return [
    {
      ...ACTIVATION,
      text: `拡張機能のあるブラウザーで「ワンタイムパスワード申請」→「ワンタイムパスワード利用開始」を開きます。拡張機能が画面のアドレスを確かめて署名し、何も入力しなくても先へ進みます。${typed}`,
      link: activationLink(bank),
    },
    {
      title: '署名でログイン',
      titleEn: 'Log in by signature',
      place: 'bank',
      text: `ログアウトして、もう一度ログインします。ワンタイムパスワード認証の画面（${ANSER.screens.loginOtp.id}）には確認番号だけが出ます。拡張機能が署名すると、トップページへ進みます。写し取れるコードが画面にないので、偽の画面を通してログインされることがありません。`,
      link: loginLink(bank),
    },
  ];
}

function registration({ staffOrigin, demo }: StartPlaces, { name }: Institution): Step {
  const as = demo
    ? `（金融機関 ${name}、職員ID ${demo.clerk.staffId}、パスワード ${demo.clerk.password}）`
    : '';
  const [customer] = demo?.customers ?? [];
  return {
    title: '窓口での申込',
    titleEn: 'The application made at the counter',
    place: 'staff',
    text: `この金融機関では、お客さまは窓口で申し込みます。職員として職員コンソールに入り${as}、お客さま${customer ? ` ${customer.loginId} ` : ''}を検索します。「お手続き」の「申込書の登録」で、メールアドレス（例 ${ADDRESS}）と理由を入力し、確認画面で「登録する」を押します。お客さまには「ワンタイムパスワード申請お取扱い開始のご案内」のメールが届きます。`,
    link: { url: staffOrigin, label: '職員コンソールを開く' },
  };
}

function login(bank: string, demo: DemoLogins | undefined): Step {
  const [customer] = demo?.customers ?? [];
  return {
    title: 'ログイン',
    titleEn: 'Log in at the bank',
    place: 'bank',
    text:
      demo && customer
        ? `ログインID ${customer.loginId}、ログインパスワード ${demo.password} でログインします。`
        : 'お客さまのログインIDとログインパスワードでログインします。',
    link: { url: bank, label: 'ログイン画面を開く' },
  };
}

function issue(bank: string, { rules }: Institution, demo: DemoLogins | undefined): Step {
  const password = confirmationPassword(demo);
  const mailed = rules.emailPassword
    ? 'と、受信箱に届いたメール通知パスワード（受信箱は次の手順から開けます）'
    : '';
  return {
    title: 'トークン発行',
    titleEn: 'Have a token issued',
    place: 'bank',
    text: `「ワンタイムパスワード申請」→「トークン発行」で、メールアドレス（例 ${ADDRESS}）と、4〜8桁の利用開始パスワードを自分で決めて入力します。次の画面で${password}${mailed}を入力して「確定する」を押します。`,
    link: { url: `${bank}/otp/issue`, label: 'トークン発行の画面を開く' },
  };
}

const confirmationPassword = (demo: DemoLogins | undefined) =>
  demo ? `確認用パスワード ${demo.confirmationPassword}` : '確認用パスワード';

function mail({ serviceId }: Institution, { inboxOrigin }: StartPlaces): Step {
  return {
    title: 'メールを確認',
    titleEn: 'Read the mail',
    place: 'inbox',
    text: `「トークン発行のご案内」に、サービスID（${serviceId}）とユーザIDがあります。次の初期設定で使います。`,
    link: { url: inboxOrigin, label: '受信箱を開く' },
  };
}

function enrolment({ serviceOrigin }: Institution): Step {
  return {
    title: '初期設定',
    titleEn: 'Set up the token',
    place: 'token',
    text: `拡張機能のアイコンから、またはコンパニオン（スマートフォンなど、どのブラウザでも使えるトークン）で初期設定を開き、サービスID、ユーザID、利用開始パスワードを入力して「送信」を押します。${MORE_TOKENS}`,
    link: { url: serviceOrigin, label: 'コンパニオンを開く' },
  };
}

/** @param password what 確定する asks for */
function transfer(bank: string, institution: Institution, password: string): Step {
  const how =
    confirmingOf(institution).mode === 'approve'
      ? `トークンにお取引の内容が届くので、確かめて承認します。銀行の画面に戻り、${password}を入力して「確定する」を押します。`
      : `トークンにお取引の内容が届くので、確かめます。そのあとトークンに表示される取引認証コードと、${password}を銀行の画面に入力して「確定する」を押します。`;
  return {
    title: '振込と取引認証',
    titleEn: 'Make a transfer and confirm it on the token',
    place: 'bank',
    text: `「振込・振替」で振込先と金額を入力し、「確認画面」を押します。${how}`,
    link: { url: `${bank}/transfer`, label: '振込・振替の画面を開く' },
  };
}

const shinkinStory: Story = (institution, bank, { demo }) => {
  const [customer] = demo?.contracts ?? [];
  const login = customer
    ? `契約者ID ${customer.loginId}、ログインパスワード ${demo?.password}`
    : '契約者IDとログインパスワード';
  const positional = customer
    ? `資金移動用パスワード ${customer.positional} のうち、表示された2つの桁の数字`
    : '資金移動用パスワードの、表示された2つの桁の数字';
  return [
    {
      title: 'トークンの準備',
      titleEn: 'Make a token',
      place: 'token',
      text: `拡張機能、またはコンパニオン（スマートフォンなど、どのブラウザでも使えるトークン）で「シリアル番号のトークンを作る」を押します。シリアル番号と、ワンタイムパスワードが表示されます。${MORE_TOKENS}`,
      link: { url: institution.serviceOrigin, label: 'コンパニオンを開く' },
    },
    {
      title: '利用開始',
      titleEn: 'Register the token',
      place: 'bank',
      text: `ログイン画面の下の「ワンタイムパスワード」で「利用開始」を押し、${login} を入力します。次の画面で、トークンのシリアル番号とワンタイムパスワード、${positional}を入力して「登録」を押します。`,
      link: { url: `${bank}/otp-service/register`, label: '利用開始の画面を開く' },
    },
    {
      title: 'ログイン',
      titleEn: 'Log in at the bank',
      place: 'bank',
      text: `${login} でログインします。利用開始で「認証する」を選んだ場合は、ワンタイムパスワードも入力します。`,
      link: { url: bank, label: 'ログイン画面を開く' },
    },
    transfer(bank, institution, positional),
  ];
};

const STORIES: Readonly<Record<Institution['family'], Story>> = {
  ANSER: anserStory,
  SHINKIN: shinkinStory,
};
