/** Places for what may be there only so often at a time. */
export interface Places {
  /** @returns gives the place back, once; undefined where all are taken */
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
