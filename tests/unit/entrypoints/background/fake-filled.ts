/** Confirmations whose codes were filled. */
export const claimed = new Set<string>();

/** The module that a test puts in place of `platform/storage/filled.ts`. */
export const fakeFilled = {
  claimStep: async () => true,
  claimConfirmation: async (tokenId: string, id: string) => {
    const free = !claimed.has(tokenId + id);
    claimed.add(tokenId + id);
    return free;
  },
};
