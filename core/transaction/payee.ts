import type { FieldOutcome } from './comparison.ts';
import { INVISIBLE, oneForm } from './text.ts';

/** Strokes that stand for one another: hyphens, dashes, minus signs, lines of a frame, and the long-vowel mark. */
const STROKES = /[-\u02d7\u2010-\u2015\u2043\u207b\u208b\u2212\u23af\u2500\u2501\u2574\u2576\u2796\u30fc]/g;

/** What parts words and says nothing: spaces, middle dots, and the full stop that zengin has for one. */
const PARTING = /[\s・.]/g;

/** What is said to a person, not of whom. */
const HONORIFIC = '様|さま|殿|御中';
const HONORIFICS_AT_END = new RegExp(`(?:${HONORIFIC})+$`);
const AFTER_HONORIFIC = new RegExp(`(?:${HONORIFIC})[\\s(:、,/].*$`);

/** Only where a line may break, drawn as nothing. */
const BREAKS = /\u200b/g;

const SMALL = 'ァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ';
const LARGE = 'アイウエオツヤユヨワカケクシストヌハヒフヘホムラリルレロ';

/** 法人略語: how zengin shortens a legal form, how it is written out, and its one letter in brackets. */
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

/** Signs that stand where a letter is hidden, and 〇〇. */
const MASKED = /[*●○◯◎■□◆◇▲△×✕✖※★☆_?#]|〇 ?〇/;

/** Left out from here on; … is three dots by NFKC. */
const CUT = /[.・]{2,}/;

/** What stands where there is no name (yet), or is the next thing on the page. */
const NO_NAME =
  /^(?:なし|未入力|未設定|未登録|非表示|(?:読み?込み?|取得|検索|照会|処理)中.*|お?(?:振込み?|受取|支払|引落|出金)先?(?:口座|金融機関|銀行)?|お?取引内容|お?振込内容)$/;
const SENTENCE = /[。!]|(?:ください|下さい|[しれきい]ます|ません)$/;
const ACCOUNT = /(?:銀行|金庫|組合).*(?:支店|本店|\d)|(?:普通|当座|貯蓄) ?\d/;

/**
 * Compares a name with what a page shows for it. Names that the zengin format writes alike are the same.
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
  // The name with something after it that says more of it, or not: who can tell.
  return withoutNotes(name).includes(own) ? 'unread' : 'different';
}

/** A name as zengin writes it, as far as two that it writes alike are one: `カ)ミホン` for 株式会社みほん様. */
function keyOf(name: string): string {
  const letters = oneForm(name)
    .replace(PARTING, '')
    .replace(HONORIFICS_AT_END, '')
    // A voicing mark that stood apart joins its kana.
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

/** What is left of a name without what stands in brackets at its end, or after 様. */
function withoutNotes(name: string): string[] {
  const inBrackets = keyOf(name).replace(/\([^()]*\)$/, '');
  return [inBrackets, name.replace(AFTER_HONORIFIC, '')].map(keyOf);
}
