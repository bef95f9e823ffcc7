/** What the popup loads if the vault is locked or cannot be read. */
export { Unlock } from './lock/unlock.tsx';
export { StorageFailure } from './storage-failure.tsx';
