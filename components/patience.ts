/** Milliseconds without drawing while the vault is read, as an extra frame would only delay the code. */
const PATIENCE_MS = 100;

/** Waits until the vault is read, or takes noticeably long. */
export const withPatience = (read: Promise<void>): Promise<void> =>
  Promise.race([read, new Promise<void>((late) => setTimeout(late, PATIENCE_MS))]);
