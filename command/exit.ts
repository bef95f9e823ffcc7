/** Exit codes of a command. */
export const EXIT = { good: 0, bad: 1, cannotTell: 2 } as const;

export type Exit = (typeof EXIT)[keyof typeof EXIT];
