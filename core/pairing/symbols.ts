/** A plain drawing that every platform has, and its name to be read aloud. */
export interface PairingSymbol {
  readonly drawing: string;
  readonly ja: string;
  readonly en: string;
}

/** 64 of them: the place in this list is part of the protocol. */
export const SYMBOLS: readonly PairingSymbol[] = [
  { drawing: '🐶', ja: 'いぬ', en: 'dog' },
  { drawing: '🐱', ja: 'ねこ', en: 'cat' },
  { drawing: '🐴', ja: 'うま', en: 'horse' },
  { drawing: '🐷', ja: 'ぶた', en: 'pig' },
  { drawing: '🐘', ja: 'ぞう', en: 'elephant' },
  { drawing: '🐰', ja: 'うさぎ', en: 'rabbit' },
  { drawing: '🐼', ja: 'パンダ', en: 'panda' },
  { drawing: '🐔', ja: 'にわとり', en: 'chicken' },
  { drawing: '🐧', ja: 'ペンギン', en: 'penguin' },
  { drawing: '🐢', ja: 'かめ', en: 'turtle' },
  { drawing: '🐟', ja: 'さかな', en: 'fish' },
  { drawing: '🐙', ja: 'たこ', en: 'octopus' },
  { drawing: '🦋', ja: 'ちょう', en: 'butterfly' },
  { drawing: '🐌', ja: 'かたつむり', en: 'snail' },
  { drawing: '🐸', ja: 'かえる', en: 'frog' },
  { drawing: '🐝', ja: 'はち', en: 'bee' },
  { drawing: '🌸', ja: 'さくら', en: 'cherry blossom' },
  { drawing: '🌵', ja: 'サボテン', en: 'cactus' },
  { drawing: '🌻', ja: 'ひまわり', en: 'sunflower' },
  { drawing: '🍄', ja: 'きのこ', en: 'mushroom' },
  { drawing: '🍁', ja: 'もみじ', en: 'maple leaf' },
  { drawing: '🌏', ja: 'ちきゅう', en: 'globe' },
  { drawing: '🌙', ja: 'つき', en: 'moon' },
  { drawing: '🌈', ja: 'にじ', en: 'rainbow' },
  { drawing: '⭐', ja: 'ほし', en: 'star' },
  { drawing: '🔥', ja: 'ひ', en: 'fire' },
  { drawing: '⛄', ja: 'ゆきだるま', en: 'snowman' },
  { drawing: '☔', ja: 'かさ', en: 'umbrella' },
  { drawing: '🍎', ja: 'りんご', en: 'apple' },
  { drawing: '🍌', ja: 'バナナ', en: 'banana' },
  { drawing: '🍇', ja: 'ぶどう', en: 'grapes' },
  { drawing: '🍉', ja: 'すいか', en: 'watermelon' },
  { drawing: '🍓', ja: 'いちご', en: 'strawberry' },
  { drawing: '🥕', ja: 'にんじん', en: 'carrot' },
  { drawing: '🌽', ja: 'とうもろこし', en: 'corn' },
  { drawing: '🍙', ja: 'おにぎり', en: 'rice ball' },
  { drawing: '🍞', ja: 'パン', en: 'bread' },
  { drawing: '🎂', ja: 'ケーキ', en: 'cake' },
  { drawing: '🍦', ja: 'ソフトクリーム', en: 'ice cream' },
  { drawing: '☕', ja: 'コーヒー', en: 'coffee' },
  { drawing: '🚗', ja: 'くるま', en: 'car' },
  { drawing: '🚲', ja: 'じてんしゃ', en: 'bicycle' },
  { drawing: '🚀', ja: 'ロケット', en: 'rocket' },
  { drawing: '⛵', ja: 'ヨット', en: 'sailing boat' },
  { drawing: '🏠', ja: 'いえ', en: 'house' },
  { drawing: '🗻', ja: 'ふじさん', en: 'mountain' },
  { drawing: '🎈', ja: 'ふうせん', en: 'balloon' },
  { drawing: '🎁', ja: 'プレゼント', en: 'present' },
  { drawing: '🎸', ja: 'ギター', en: 'guitar' },
  { drawing: '🎺', ja: 'ラッパ', en: 'trumpet' },
  { drawing: '🥁', ja: 'たいこ', en: 'drum' },
  { drawing: '⚽', ja: 'サッカーボール', en: 'football' },
  { drawing: '🔔', ja: 'ベル', en: 'bell' },
  { drawing: '🔑', ja: 'かぎ', en: 'key' },
  { drawing: '🔨', ja: 'かなづち', en: 'hammer' },
  { drawing: '📷', ja: 'カメラ', en: 'camera' },
  { drawing: '📕', ja: 'ほん', en: 'book' },
  { drawing: '👓', ja: 'めがね', en: 'glasses' },
  { drawing: '🎩', ja: 'ぼうし', en: 'hat' },
  { drawing: '👑', ja: 'おうかん', en: 'crown' },
  { drawing: '👟', ja: 'くつ', en: 'shoe' },
  { drawing: '⌚', ja: 'うでどけい', en: 'watch' },
  { drawing: '💡', ja: 'でんきゅう', en: 'light bulb' },
  { drawing: '🎲', ja: 'サイコロ', en: 'dice' },
];

/** What both devices know once the nonces are exchanged. Keys are named by their thumbprints (RFC 7638). */
export interface Exchanged {
  readonly pairing: string;
  /** Of the device that fills: signing key, receiving key, nonce. */
  readonly fillerKey: string;
  readonly fillerReceivingKey: string;
  readonly fillerNonce: string;
  /** Of the device that decides: signing key, nonce. */
  readonly deciderKey: string;
  readonly deciderNonce: string;
}

const COUNT = 6;
const BITS = 6;

/**
 * The six symbols that the customer compares. They are the same on both devices only if both know the same keys: whoever stands
 * in between has committed to a nonce before knowing the other one, and is left one guess of 2³⁶.
 */
export async function symbolsOf(of: Exchanged): Promise<readonly PairingSymbol[]> {
  const lines = [
    'warifu-pairing-symbols',
    of.pairing,
    of.fillerKey,
    of.fillerReceivingKey,
    of.deciderKey,
    of.deciderNonce,
    of.fillerNonce,
  ];
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(lines.join('\n')));
  const bits = [...new Uint8Array(hash)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return Array.from({ length: COUNT }, (_, place) => {
    const symbol = SYMBOLS[Number.parseInt(bits.slice(place * BITS, (place + 1) * BITS), 2)];
    if (symbol === undefined) throw new Error('the list of symbols is too short');
    return symbol;
  });
}
