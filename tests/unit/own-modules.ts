import { vi } from 'vitest';

/**
 * Files of tests follow each other in one process, which has the packages loaded already. Each begins with modules of
 * ours, and with globals and settings, that no other has touched.
 */
const kept = process as { globals?: ReadonlySet<PropertyKey> };
kept.globals ??= new Set(Reflect.ownKeys(globalThis));
vi.resetModules();
vi.unstubAllGlobals();
vi.unstubAllEnvs();
for (const name of Reflect.ownKeys(globalThis)) {
  if (!kept.globals.has(name)) Reflect.deleteProperty(globalThis, name);
}
