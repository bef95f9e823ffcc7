/** A limited number of places. */
export interface Places {
  /** @returns a function that gives the place back, once; undefined if all places are taken */
  take(): (() => void) | undefined;
}

export function places(most: number): Places {
  let taken = 0;
  return {
    take: () => {
      if (taken >= most) return undefined;
      taken += 1;
      let given = false;
      return () => {
        if (!given) taken -= 1;
        given = true;
      };
    },
  };
}
