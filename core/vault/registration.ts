import { isOver, type TokenSummary } from './token.ts';

/** Whether a token that its customer made can still be registered at the bank, as far as is known. */
export const mayRegister = ({ bindBy, status }: TokenSummary, timeMs: number): boolean =>
  bindBy !== undefined && timeMs < bindBy && !isOver(status);
