/** Begins to watch a document. What it returns ends that, and says whether any element or text was put in or taken away meanwhile. */
export function watchChanges(document: Document): () => boolean {
  let changed = false;
  const observer = new MutationObserver(() => {
    changed = true;
    observer.disconnect();
  });
  observer.observe(document, { childList: true, characterData: true, subtree: true });
  return () => {
    // What changed last is not reported yet.
    changed ||= observer.takeRecords().length > 0;
    observer.disconnect();
    return changed;
  };
}
