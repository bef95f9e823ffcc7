import { useEffect, useState } from 'preact/hooks';
import type { StorageKeeper, StorageProspect } from '../../core/vault/storage.ts';
import { Notice } from '../notice.tsx';
import { BROWSING_TEXTS, STORAGE_TEXTS } from '../storage-words.ts';
import { useText } from '../text.ts';

/** What the customer has to know about this browser before setting up a token; nothing if there is nothing to say. */
export function Prospect({ storage }: { readonly storage: StorageKeeper }) {
  const text = useText();
  const [prospect, setProspect] = useState<StorageProspect>();
  useEffect(() => void storage.prospect().then(setProspect), [storage]);
  if (prospect === undefined) return null;
  const { browsing, failure, homeScreenFirst } = prospect;
  const forgets = BROWSING_TEXTS[browsing];
  return (
    <>
      {forgets && (
        <Notice tone="danger" title={text('prospectForgets')} role="alert">
          <p>{text('prospectForgetsBody')}</p>
          {forgets.map((key) => (
            <p key={key}>{text(key)}</p>
          ))}
        </Notice>
      )}
      {!forgets && failure && (
        <Notice tone="danger" title={text('prospectFails')} role="alert">
          <p>{text(STORAGE_TEXTS[failure].body)}</p>
        </Notice>
      )}
      {homeScreenFirst && (
        <Notice tone="warn" title={text('homeScreenFirst')}>
          <p>{text('homeScreenHow')}</p>
          <p>{text('homeScreenWhy')}</p>
        </Notice>
      )}
      {browsing === 'unknown' && (
        <Notice tone="info">
          <p>{text('prospectUnknown')}</p>
        </Notice>
      )}
    </>
  );
}
