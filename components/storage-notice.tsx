import { useEffect } from 'preact/hooks';
import { Notice } from './notice.tsx';
import type { StorageModel } from './storage-model.ts';
import { useText } from './text.ts';

/** That the browser may delete the tokens by itself, where it may; nothing as long as that is not known. */
export function StorageNotice({ storage }: { storage: StorageModel }) {
  const text = useText();
  useEffect(() => void storage.look(), [storage]);
  if (storage.state.value !== 'clearable') return null;
  return (
    <Notice tone="info" title={text('storageClearable')}>
      <p>{text('storageClearableBody')}</p>
      <p>{text('storageClearableNext')}</p>
    </Notice>
  );
}
