import { hash } from 'node:crypto';

const FIRST_PLACES = 2 ** 12;
/** An even part of the hash: 52 bits, which a number holds whole. Of a million texts two share one in one case of ten thousand. */
const BITS = 52;

/**
 * Texts that were seen before, in 16 bytes each: a million strings in a set would take a hundred megabytes. Open addressing
 * over a part of each text's SHA-256.
 */
export function seenTexts(): (text: string) => boolean {
  let places = new Float64Array(FIRST_PLACES);
  let held = 0;

  const put = (value: number): boolean => {
    let place = value % places.length;
    while (places[place] !== 0) {
      if (places[place] === value) return true;
      place = (place + 1) % places.length;
    }
    places[place] = value;
    return false;
  };

  return (text) => {
    if (2 * held > places.length) {
      const before = places;
      places = new Float64Array(2 * before.length);
      for (const value of before) if (value !== 0) put(value);
    }
    const wasThere = put(hashOf(text));
    if (!wasThere) held += 1;
    return wasThere;
  };
}

/** Never 0, which marks a free place. */
const hashOf = (text: string) => Number.parseInt(hash('sha256', text).slice(0, BITS / 4), 16) || 1;
