/** Kanji for digits, and the formal ones that cannot be altered with a stroke (大字). */
const KANJI_DIGITS: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...'〇一二三四五六七八九'].map((kanji, digit) => [kanji, String(digit)])),
  ...{
    零: '0',
    壱: '1',
    壹: '1',
    弐: '2',
    貳: '2',
    参: '3',
    參: '3',
    伍: '5',
    陸: '6',
    漆: '7',
    捌: '8',
    玖: '9',
  },
};

/** Other ways to write the units. */
const KANJI_UNITS: Readonly<Record<string, string>> = { 拾: '十', 佰: '百', 仟: '千', 阡: '千', 萬: '万' };

/** Marks of an amount in yen. */
const YEN_MARK = /[¥\\円]|JPY|YEN/i;

/** A fee beside an amount that is no part of it: without "of which", "including" or "less". */
const FEE = String.raw`(?:\+ ?)?(?:別途|他に|ほかに)?お?(?:振込|送金)?手数料 ?[:は]? ?(?:別途?|無料|なし|不要|(?:当方|ご?依頼人|振込人)負担|[¥\\]?[\d,]+ ?円?(?:\(税込み?\)| ?税込み?)?(?:[はが]?別途?)?)`;

/** Notes in brackets after an amount that do not change it. */
const NOTE = `(?:消費)?税込み?|税別|税抜き?|非課税|不課税|日本円|円|JPY|${FEE}`;

/** An amount as pages write it, and nothing else: currency sign, figure, 円, 也, closing dash, notes, fee. */
const AMOUNT = new RegExp(
  String.raw`^金? ?(?:[¥\\]|JPY)? ?([\d,、億万千百十]+) ?(?:円|JPY|YEN)? ?[也整]? ?[-\u2010-\u2015\u2212\u30fc]{0,2}(?: ?\((?:${NOTE})\)| ?[,、/]? ?${FEE})*$`,
  'i',
);

/** Digits; groups have three digits each. */
const DIGITS = /^(?:\d+|\d{1,3}(?:[,、]\d{3})+)$/;

/** Up to four digits with their units: 五千三百. */
const SECTION = /^(?:(\d?)千)?(?:(\d?)百)?(?:(\d?)十)?(\d?)$/;

/** Whether a text names the currency. */
export const isMarkedYen = (text: string): boolean => YEN_MARK.test(text.normalize('NFKC'));

/** The amount of yen in a text; undefined if it is not certain (docs/adr/0013-what-a-page-shows.md). */
export function readYen(text: string): number | undefined {
  const flat = text.normalize('NFKC').replace(/\s+/g, ' ').trim();
  // Refuses both kinds of digits in one figure, as some may replace others.
  if (/\d/.test(flat) && /[〇零一二三四五六七八九]/.test(flat)) return undefined;
  // 〇 alone masks a figure.
  if (/〇/.test(flat) && !/[一二三四五六七八九]/.test(flat)) return undefined;
  const plain = flat.replace(/\p{sc=Han}/gu, (kanji) => KANJI_DIGITS[kanji] ?? KANJI_UNITS[kanji] ?? kanji);
  const [, figure] = AMOUNT.exec(plain) ?? [];
  if (figure === undefined) return undefined;
  if (DIGITS.test(figure)) return wholeOf(figure);
  return isMarkedYen(flat) ? countOf(figure) : undefined;
}

/** A figure with units: 1億2,000万, 15万5千. */
function countOf(figure: string): number | undefined {
  const [, oku, man, rest = ''] = /^(?:(.+)億)?(?:(.+)万)?(.*)$/.exec(figure) ?? [];
  const parts = [oku, man, rest].map((part) => (part ? sectionOf(part) : 0));
  return parts.reduce<number | undefined>(
    (sum, part) => (sum === undefined || part === undefined ? undefined : sum * 10_000 + part),
    0,
  );
}

/** Below 10,000. */
function sectionOf(part: string): number | undefined {
  if (DIGITS.test(part)) return wholeOf(part) < 10_000 ? wholeOf(part) : undefined;
  const units = SECTION.exec(part);
  if (units === null) return undefined;
  // A unit without a digit counts once; a missing unit counts as zero.
  const [thousands, hundreds, tens] = units
    .slice(1, 4)
    .map((digit) => (digit === undefined ? 0 : Number(digit || 1)));
  return (thousands ?? 0) * 1000 + (hundreds ?? 0) * 100 + (tens ?? 0) * 10 + Number(units[4] || 0);
}

const wholeOf = (digits: string) => Number(digits.replace(/[,、]/g, ''));
