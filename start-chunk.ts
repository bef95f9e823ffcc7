import type { Rolldown } from 'vite';

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
