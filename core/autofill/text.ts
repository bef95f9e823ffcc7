/**
 * Brings a screen's text to one form: half-width kana and full-width letters (NFKC), every bracket and separator the
 * guides' scans and the banks' pages mix, no white space.
 */
export function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[【〔［[]/g, '[')
    .replace(/[】〕］\]]/g, ']')
    .replace(/[｢「『]/g, '「')
    .replace(/[｣」』]/g, '」')
    .replace(/[\s\u200b\ufeff]+/g, '');
}

/** A label without what surrounds its name: 【必須】 before it, hints such as （半角数字） and a colon behind it. */
export function labelName(label: string): string {
  return plain(label)
    .replace(/^(\[(必須|任意)\]|※|\*)+/, '')
    .replace(/(\((半角|全角)[^()]*\)|\[(必須|任意)\]|[::※*])+$/, '');
}
