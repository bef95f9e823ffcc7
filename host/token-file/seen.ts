import { hash } from 'node:crypto';

const FIRST_PLACES = 2 ** 12;
/** An even part of the hash: 52 bits, which a number holds whole. Of a million texts two share one in one case of ten thousand. */
const BITS = 52;

/**
 * Texts that were seen before, in 16 bytes each: a million strings in a set would take a hundred megabytes. Open addressing
 * over a part of each text's SHA-256.
 */
export class SeenTexts {
  #places = new Float64Array(FIRST_PLACES);
  #held = 0;

  /** @returns whether it was there before */
  add(text: string): boolean {
    if (2 * this.#held > this.#places.length) this.#grow();
    const wasThere = this.#put(hashOf(text));
    if (!wasThere) this.#held += 1;
    return wasThere;
  }

  /** Forgets all, and keeps its memory for as many again. */
  clear(): void {
    this.#places.fill(0);
    this.#held = 0;
  }

  #grow(): void {
    const before = this.#places;
    this.#places = new Float64Array(2 * before.length);
    for (const value of before) if (value !== 0) this.#put(value);
  }

  #put(value: number): boolean {
    const { length } = this.#places;
    let place = value % length;
    while (this.#places[place] !== 0) {
      if (this.#places[place] === value) return true;
      place = (place + 1) % length;
    }
    this.#places[place] = value;
    return false;
  }
}

/** Never 0, which marks a free place. */
const hashOf = (text: string) => Number.parseInt(hash('sha256', text).slice(0, BITS / 4), 16) || 1;

/** What may stand once in a file. */
export interface SeenInFile {
  readonly serials: SeenTexts;
  /** Of a PSKC container's keys. */
  readonly ids: SeenTexts;
}

export const newSeen = (): SeenInFile => ({ serials: new SeenTexts(), ids: new SeenTexts() });
