import type { Shape } from '../../core/messages/shape.ts';

/** `localStorage`, which a browser may refuse: nothing is read then, and what is written holds nowhere. */

export function readLocal(name: string): string | undefined {
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** @returns undefined also for what is no JSON, or has another shape */
export function readLocalJson<T>(name: string, shape: Shape<T>): T | undefined {
  try {
    const value: unknown = JSON.parse(readLocal(name) ?? 'null');
    return shape(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function writeLocal(name: string, text: string): void {
  try {
    localStorage.setItem(name, text);
  } catch {
    // A browser that keeps nothing says so elsewhere.
  }
}
