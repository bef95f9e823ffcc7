import { describe, expect, test } from 'vitest';
import { type Exchanged, SYMBOLS, symbolsOf } from '../../../../core/pairing/symbols.ts';

/** The vector of docs/PROTOCOL.md. */
const EXCHANGED: Exchanged = {
  pairing: 'AAECAwQFBgcICQoLDA0ODw',
  fillerKey: 'nm_0REhHKGRdXYfyBO4q2rnBpkZGaHZEuBhWIh8V-TI',
  fillerReceivingKey: 'GY7PMTfkaVWLYBh4uWCtSqH1JVyIPDxLh9rJ9h9v6_Q',
  fillerNonce: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  deciderKey: 'bKW6bE5rS1wv9TeZtZbvI0xbVyWBfGKXkq3tFmlb1VA',
  deciderNonce: 'AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE',
};

const words = async (of: Exchanged) => (await symbolsOf(of)).map(({ en }) => en);

describe('the symbols', () => {
  test('are 64 different ones, each one character that is drawn in colour without a selector', () => {
    expect(SYMBOLS).toHaveLength(64);
    for (const member of ['drawing', 'ja', 'en'] as const) {
      expect(new Set(SYMBOLS.map((symbol) => symbol[member])).size).toBe(64);
    }
    for (const { drawing } of SYMBOLS) expect(drawing).toMatch(/^\p{Emoji_Presentation}$/u);
  });

  test('are six, as the protocol has them', async () => {
    expect(await words(EXCHANGED)).toEqual(['dog', 'rainbow', 'sailing boat', 'balloon', 'watch', 'star']);
  });

  test.each(Object.keys(EXCHANGED) as (keyof Exchanged)[])('are others with another %s', async (member) => {
    const other = { ...EXCHANGED, [member]: `B${EXCHANGED[member].slice(1)}` };
    expect(await words(other)).not.toEqual(await words(EXCHANGED));
  });

  test('are others when the nonces change places', async () => {
    const { fillerNonce, deciderNonce } = EXCHANGED;
    const swapped = { ...EXCHANGED, fillerNonce: deciderNonce, deciderNonce: fillerNonce };
    expect(await words(swapped)).not.toEqual(await words(EXCHANGED));
  });

  test('each is as likely as another', async () => {
    const counts = new Map<string, number>();
    for (let made = 0; made < 1_000; made += 1) {
      for (const word of await words({ ...EXCHANGED, pairing: String(made) })) {
        counts.set(word, (counts.get(word) ?? 0) + 1);
      }
    }
    expect(counts.size).toBe(64);
    for (const count of counts.values()) expect(Math.abs(count - 6_000 / 64)).toBeLessThan(60);
  });
});
