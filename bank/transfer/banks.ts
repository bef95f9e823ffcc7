/** 金融機関 and their 支店 as in the zengin list: codes, names, readings. All names but the five of the guides are invented. */

export interface Branch {
  /** 支店コード, 3 digits. */
  readonly code: string;
  readonly name: string;
  /** Reading, in katakana. */
  readonly kana: string;
}

export interface Bank {
  /** 金融機関コード, 4 digits. */
  readonly code: string;
  readonly name: string;
  readonly kana: string;
  readonly branches: readonly Branch[];
}

const HEAD: Branch = { code: '001', name: '本店営業部', kana: 'ホンテンエイギョウブ' };

const branch = (code: string, name: string, kana: string): Branch => ({ code, name, kana });

export const BANKS: readonly Bank[] = [
  {
    code: '9901',
    name: '青森県信用組合',
    kana: 'アオモリケンシンヨウクミアイ',
    branches: [
      HEAD,
      branch('002', '見本町支店', 'ミホンチョウ'),
      branch('003', '例示通支店', 'レイジドオリ'),
    ],
  },
  {
    code: '9902',
    name: '愛媛信用金庫',
    kana: 'エヒメシンヨウキンコ',
    branches: [
      HEAD,
      branch('002', '見本城下支店', 'ミホンジョウカ'),
      branch('005', '例示温泉支店', 'レイジオンセン'),
    ],
  },
  {
    code: '9903',
    name: 'あかぎ信用組合',
    kana: 'アカギシンヨウクミアイ',
    branches: [HEAD, branch('002', '見本山支店', 'ミホンヤマ'), branch('004', '例示川支店', 'レイジガワ')],
  },
  {
    code: '9904',
    name: '仙北信用組合',
    kana: 'センボクシンヨウクミアイ',
    branches: [
      HEAD,
      branch('002', '見本駅前支店', 'ミホンエキマエ'),
      branch('003', '例示町支店', 'レイジマチ'),
    ],
  },
  {
    code: '9905',
    name: '秋田県信用組合',
    kana: 'アキタケンシンヨウクミアイ',
    branches: [HEAD, branch('002', '見本港支店', 'ミホンミナト'), branch('006', '例示台支店', 'レイジダイ')],
  },
  {
    code: '9911',
    name: '見本銀行',
    kana: 'ミホンギンコウ',
    branches: [
      { code: '001', name: '本店', kana: 'ホンテン' },
      branch('012', '見本中央支店', 'ミホンチュウオウ'),
      branch('013', '見本東支店', 'ミホンヒガシ'),
      branch('901', 'インターネット見本支店', 'インターネットミホン'),
    ],
  },
  {
    code: '9912',
    name: '見本信用金庫',
    kana: 'ミホンシンヨウキンコ',
    branches: [HEAD, branch('021', '例示橋支店', 'レイジバシ')],
  },
  {
    code: '9913',
    name: '例示銀行',
    kana: 'レイジギンコウ',
    branches: [
      { code: '001', name: '本店', kana: 'ホンテン' },
      branch('030', '例示中央支店', 'レイジチュウオウ'),
      branch('031', '例示西支店', 'レイジニシ'),
    ],
  },
  {
    code: '9914',
    name: 'ひながた労働金庫',
    kana: 'ヒナガタロウドウキンコ',
    branches: [HEAD, branch('101', 'ひながた北支店', 'ヒナガタキタ')],
  },
  {
    code: '9915',
    name: 'サンプル農業協同組合',
    kana: 'サンプルノウギョウキョウドウクミアイ',
    branches: [
      { code: '001', name: '本所', kana: 'ホンショ' },
      branch('007', 'サンプル里支所', 'サンプルサト'),
    ],
  },
];

/**
 * Finds entries. An exact code or name finds that entry alone; otherwise every entry whose code begins with the text, or
 * whose name or reading contains it (hiragana too). An empty text finds everything.
 */
export function search<Entry extends { readonly code: string; readonly name: string; readonly kana: string }>(
  entries: readonly Entry[],
  typed: string,
): readonly Entry[] {
  const wanted = plain(typed);
  const exact = entries.filter(({ code, name }) => code === wanted || plain(name) === wanted);
  if (exact.length > 0) return exact;
  const reading = katakana(wanted);
  return entries.filter(
    ({ code, name, kana }) =>
      code.startsWith(wanted) || plain(name).includes(wanted) || kana.includes(reading),
  );
}

const plain = (text: string) => text.normalize('NFKC').replace(/\s/g, '');

const katakana = (text: string) =>
  text.replace(/[\u3041-\u3096]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + 0x60));
