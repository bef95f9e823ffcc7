import type { Plugin, Rolldown } from 'vite';

/** Puts everything that a page needs to show a code into one file besides its entry: a chain of imports loads more slowly. */
export function startChunk(name: string, page: string) {
  const entries = ['index.html', 'main.tsx'].map(
    (file) => new URL(`${page}/${file}`, import.meta.url).pathname,
  );
  return {
    debugName: name,
    name: (id: string, graph: Rolldown.ChunkingContext) => {
      const isFirst = entries.some((entry) => graph.getModuleInfo(entry)?.importedIds.includes(id));
      return isFirst && !entries.includes(id) ? name : null;
    },
  };
}

/**
 * Removes Vite's loader for dynamic imports: it loads styles that we do not have, costs the popup 2 kB,
 * and asks for a dozen files just when the code is painted.
 */
export const bareImports: Plugin = {
  name: 'bare-imports',
  enforce: 'pre',
  load: (id) =>
    id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load();' : undefined,
};
