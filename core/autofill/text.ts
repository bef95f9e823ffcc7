/** Brings a screen's text to one form: half-width kana and full-width letters (NFKC), no white space. */
export function plain(text: string): string {
  return text.normalize('NFKC').replace(/[\s\u200b]/g, '');
}

/** A label's name alone, without marks such as 【必須】 and ※, hints such as （半角数字）, and colons. */
export function labelName(label: string): string {
  return plain(label).replace(/[[【]?必須[\]】]?|\((半角|全角)[^()]*\)|[※*:]/g, '');
}
