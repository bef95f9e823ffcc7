import type { ReadonlySignal } from '@preact/signals-core';
import { useLayoutEffect, useState } from 'preact/hooks';

/** What a signal holds; the component is drawn again when it changes. */
export function useSignalValue<T>(signal: ReadonlySignal<T>): T {
  const [held, hold] = useState({ value: signal.peek() });
  // the same value again is no reason to draw: a subscription begins with one
  const follow = (value: T) => hold((before) => (before.value === value ? before : { value }));
  useLayoutEffect(() => signal.subscribe(follow), [signal]);
  return held.value;
}
