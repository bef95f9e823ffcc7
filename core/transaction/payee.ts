import type { FieldOutcome } from './comparison.ts';
import { INVISIBLE, oneForm } from './text.ts';

/** Characters used in place of one another: hyphens, dashes, minus signs, box-drawing lines, and the long-vowel mark. */
const STROKES = /[-\u02d7\u2010-\u2015\u2043\u207b\u208b\u2212\u23af\u2500\u2501\u2574\u2576\u2796\u30fc]/g;

/** Separators of words: spaces, middle dots, and the full stop that zengin uses for a middle dot. */
const PARTING = /[\s・.]/g;

/** Honorifics, which are no part of a name. */
const HONORIFIC = '様|さま|殿|御中';
const HONORIFICS_AT_END = new RegExp(`(?:${HONORIFIC})+$`);
/** One in katakana may as well be the end of a name. */
const PERHAPS_HONORIFIC = /サマ$/;
const AFTER_HONORIFIC = new RegExp(`(?:${HONORIFIC})[\\s(:、,/].*$`);

/** Invisible marks of a possible line break. */
const BREAKS = /\u200b/g;

const SMALL = 'ァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ';
const LARGE = 'アイウエオツヤユヨワカケクシストヌハヒフヘホムラリルレロ';

/** 法人略語: the zengin abbreviation of a legal form, its full name, and its one letter in brackets. */
const LEGAL_FORMS: readonly { short: string; long: string; letter?: string }[] = [
  { short: 'カ', long: '株式会社|カブシキガイシヤ', letter: '株' },
  { short: 'ユ', long: '有限会社|ユウゲンガイシヤ', letter: '有' },
  { short: 'メ', long: '合名会社', letter: '名' },
  { short: 'シ', long: '合資会社', letter: '資' },
  { short: 'ド', long: '合同会社', letter: '同' },
  { short: 'ソ', long: '相互会社' },
  { short: 'イ', long: '医療法人(?:社団|財団)?', letter: '医' },
  { short: 'ザイ', long: '(?:一般|公益)?財団法人', letter: '財' },
  { short: 'シヤ', long: '(?:一般|公益)?社団法人', letter: '社' },
  { short: 'シユウ', long: '宗教法人', letter: '宗' },
  { short: 'ガク', long: '学校法人', letter: '学' },
  { short: 'フク', long: '社会福祉法人', letter: '福' },
  { short: 'トクヒ', long: '特定非営利活動法人' },
  { short: 'ベン', long: '弁護士法人' },
  { short: 'ゼイ', long: '税理士法人' },
  { short: 'シホウ', long: '司法書士法人' },
  { short: 'ギヨウ', long: '行政書士法人' },
  { short: 'ロウム', long: '社会保険労務士法人' },
];

const FORMS = LEGAL_FORMS.map(({ short, long, letter }) => {
  const brief = letter ? `${short}|${letter}` : short;
  return {
    short,
    first: new RegExp(`^(?:\\(?(?:${brief})\\)|${long}|\\((?:${long})\\))(?=.)`),
    last: new RegExp(`(?<=.)(?:\\((?:${brief})\\)?|${long}|\\((?:${long})\\))$`),
  };
});

/** Signs that mask letters, and 〇〇. */
const MASKED = /[*●○◯◎■□◆◇▲△×✕✖※★☆_?#]|〇 ?〇/;

/** An ellipsis, after which the name is cut off; … is three dots by NFKC. */
const CUT = /[.・]{2,}/;

/** Placeholders for a missing name, or the next text on the page. */
const NO_NAME =
  /^(?:なし|未入力|未設定|未登録|非表示|(?:読み?込み?|取得|検索|照会|処理)中.*|お?(?:振込み?|受取|支払|引落|出金)先?(?:口座|金融機関|銀行)?|お?取引内容|お?振込内容)$/;
const SENTENCE = /[。!]|(?:ください|下さい|[しれきい]ます|ません)$/;
const ACCOUNT = /(?:銀行|金庫|組合).*(?:支店|本店|\d)|(?:普通|当座|貯蓄) ?\d/;

/**
 * Compares a name with what a page shows for it. Names with the same zengin form are the same.
 * The rules: docs/adr/0013-what-a-page-shows.md.
 */
export function comparePayee(signed: string, shown: string): FieldOutcome {
  const name = oneForm(shown.replace(BREAKS, ''));
  if (INVISIBLE.test(name)) return 'unread';
  const own = keyOf(signed);
  const key = keyOf(name);
  if (key === own) return own === '' ? 'unread' : 'same';
  if (isNoName(name, key)) return 'unread';
  const cut = CUT.exec(name);
  if (cut) return own.startsWith(keyOf(name.slice(0, cut.index))) ? 'unread' : 'different';
  // The name with something behind it, which may or may not belong to it.
  return withoutNotes(name).includes(own) ? 'unread' : 'different';
}

/** A name in a form that is equal for names with the same zengin form: `カ)ミホン` for 株式会社みほん様. */
function keyOf(name: string): string {
  const letters = oneForm(name)
    .replace(PARTING, '')
    .replace(HONORIFICS_AT_END, '')
    // Joins a separate voicing mark with its kana.
    .normalize('NFC')
    .replace(/[ぁ-ゖゝゞ]/g, (kana) => String.fromCodePoint((kana.codePointAt(0) ?? 0) + 0x60))
    .replace(/[ァィゥェォッャュョヮヵヶㇰ-ㇿ]/g, (kana) => LARGE[SMALL.indexOf(kana)] ?? kana)
    .replace(/[a-z]/g, (letter) => letter.toUpperCase())
    .replace(STROKES, '-');
  return FORMS.reduce(
    (key, { short, first, last }) => key.replace(first, `${short})`).replace(last, `(${short}`),
    letters,
  );
}

const isNoName = (name: string, key: string): boolean =>
  !/\p{L}/u.test(key) ||
  /^[¥\\]?\d[\d,]*円/.test(key) ||
  MASKED.test(name) ||
  NO_NAME.test(name) ||
  SENTENCE.test(name) ||
  ACCOUNT.test(name);

/** A name without brackets at its end, without what follows 様, or without サマ. */
function withoutNotes(name: string): string[] {
  const key = keyOf(name);
  const inBrackets = key.replace(/\([^()]*\)$/, '');
  return [inBrackets, name.replace(AFTER_HONORIFIC, ''), key.replace(PERHAPS_HONORIFIC, '')].map(keyOf);
}
