import { getEventListeners } from 'node:events';

/** How much hangs on a signal: listeners, and what `AbortSignal.any` made of it (Node keeps that under a symbol). */
export function leftOn(signal: AbortSignal): number {
  const dependants = Object.getOwnPropertySymbols(signal)
    .filter(({ description }) => description === 'kDependantSignals')
    .map((symbol): { size: number } | undefined => Reflect.get(signal, symbol))
    .reduce((sum, set) => sum + (set?.size ?? 0), 0);
  return getEventListeners(signal, 'abort').length + dependants;
}
