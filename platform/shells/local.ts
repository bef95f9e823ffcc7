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

/** @param text undefined: nothing is kept under the name any more */
export function writeLocal(name: string, text: string | undefined): void {
  try {
    if (text === undefined) localStorage.removeItem(name);
    else localStorage.setItem(name, text);
  } catch {
    // A browser that keeps nothing says so elsewhere.
  }
}
