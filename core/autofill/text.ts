/** Parts the boxes in a line of a page's text. */
export const BOX_END = '\v';

/** Brings a screen's text to one form: half-width kana and full-width letters (NFKC), no white space, no soft hyphens. */
export function plain(text: string): string {
  return text.normalize('NFKC').replace(/[\s\u00ad\u200b-\u200d\u2060]/g, '');
}

/** A text without what pages count down, which is news each second: 4:59, 4分59秒. */
export const steady = (text: string): string =>
  plain(text.normalize('NFKC').replace(/\d+(:\d+)+|\d+ *[分秒]/g, ''));

/** What notes after a name may say about what to type: （半角数字）, （8桁）, 【数字8桁】, 〔全8桁〕, （8桁の番号）. */
const HINTS =
  '[\\d~〜・、。,/-]|[一二三四五六七八]|桁の番号|桁|ケタ|けた|文字|英字?|数字?|記号|半角|全角|全|最大|の|のみ|だけ|以内|で|ご?入力(?:してください|下さい)?|必須|(?:ハイフン|スペース)(?:なし|不要)';
const HINT = RegExp(`[[(【〔〈<](${HINTS})+[\\])】〕〉>]`, 'g');

/** What only says how to type a code: 半角数字8桁, トークンに表示された8桁の数字, を入力してください, 必須; and the sign of a help. */
const HOW = String.raw`(?:(?:(?:お?手元の)?トークン(?:の?(?:画面|アプリ))?[にの]|現在(?=表示)|表示され(?:た|ている)(?:ワンタイムパスワード(?=を))?|(?:[\d~〜-]+|[一二三四五六七八]) ?(?:桁|けた|ケタ|文字)(?:の番号)?|半角|全角|英|数字|以内|のみ|だけ|ご?入力|(?:して)?(?:ください|下さい)|[でのにを、。・])+|[[(【]?必須[\])】]?|\?|ヘルプ|help)`;
const ONLY_HOW = new RegExp(`^${HOW}$`, 'i');

/** Whether a text beside a name is none itself. */
export const saysHow = (text: string): boolean => ONLY_HOW.test(plain(text));

/** Signs before and after names and headings, for use in a class of characters; and the words for a step. */
const MARKS = '■□●○◎◆◇★☆▲△▶►▼▽・';
const STEP = String.raw`(?:STEP\.?|ステップ|手順)`;

const IN_BRACKETS = /\(([^()]+)\)/g;

/** Numbers in circles, which {@link plain} makes digits. */
const CIRCLED = /^\s*[①-⑳]/;

/** Steps, numbers and marks before a name: STEP1, 手順2/3, 1., ■, 「. A digit alone is part of the name. */
const BEFORE_NAME = RegExp(
  String.raw`^(?:${STEP}\(?\d+(?:[/-]\d+)?[.)、]?|\(?\d+(?:-\d+)?[.)、]|[${MARKS}【】「『〔[])+`,
  'i',
);

/** Says how to type before or after a name, parted from it by a space. */
const AROUND_NAME = new RegExp(`^ ?(?:${HOW} )+|(?: ${HOW})+ ?$`, 'gi');

/** What asks for a name, and brackets around it: OTPを入力, 「OTP」. */
const AFTER_NAME = /(?:[をの]?ご?入力(?:(?:して)?(?:ください|下さい))?。?|[】」』〕\]])+$/;

/** A label's name alone, without marks such as 【必須】 and ※, hints such as （半角数字） and 半角数字8桁, and colons. */
export function labelName(label: string): string {
  const words = label.replace(CIRCLED, '').normalize('NFKC');
  return plain(words.replace(/[\s※*:]+/g, ' ').replace(AROUND_NAME, ''))
    .replace(HINT, '')
    .replace(IN_BRACKETS, (all, within) => (saysHow(within) ? '' : all))
    .replace(/必須|\?/g, '')
    .replace(BEFORE_NAME, '')
    .replace(AFTER_NAME, '');
}

/** Steps, numbers and marks before a heading: STEP 2, 手順2/3, 2-1., Ⅱ., (2), ■, 【. */
const BEFORE_HEADING = RegExp(
  String.raw`^((${STEP}|第)?\(?\d+([/-]\d+|ステップ|段階)?[.:)、章]?|[IVX]+[.:)、]|[${MARKS}※>»【「『])+`,
  'i',
);

/** Signs between a heading and the name of the site, for use in a class of characters. */
export const BARS = String.raw`|｜\p{Pd}−`;

/** What follows a heading and is no part of it: a step of steps, the 画面ID, the name of the site, marks. */
const AFTER_HEADING = RegExp(
  String.raw`(?:\(?(?:${STEP}\d+(?:\/\d+)?|\d+\/\d+)\)?|[([【]?画面ID[^\p{L}\d]*[A-Z\d]{6}[)\]】]?|[${BARS}][^${BARS}]*(?:銀行|信用金庫|信用組合|労働金庫|農協|バンク|バンキング|Bank|Banking)|[${MARKS}】」』])+$`,
  'iu',
);

/** A plain text that may end with a heading, without what follows that. */
export const upToHeading = (text: string): string => text.replace(AFTER_HEADING, '');

/** A heading's words alone. */
export const headingName = (heading: string): string =>
  upToHeading(plain(heading).replace(BEFORE_HEADING, ''));
