import { useEffect } from 'preact/hooks';
import { Notice } from './notice.tsx';
import type { StorageModel } from './storage-model.ts';
import { useText } from './text.ts';

/** Warns that the browser may delete the tokens by itself; shows nothing if it does not or while that is unknown. */
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
