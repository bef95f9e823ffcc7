/** Our own function, so that the popup need not load the library's. */
export function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const removing = indexedDB.deleteDatabase(name);
    removing.onsuccess = () => resolve();
    removing.onerror = () => reject(removing.error);
  });
}
