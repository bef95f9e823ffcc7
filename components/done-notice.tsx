import type { RecoveryGuide } from '../core/institution/guide.ts';
import { WayBack } from './lock/way-back.tsx';
import { Notice } from './notice.tsx';
import { useText } from './text.ts';
import type { Done } from './token-route.ts';

/** Says what was just finished. */
export function DoneNotice({ done, guides }: { done: Done | undefined; guides: readonly RecoveryGuide[] }) {
  const text = useText();
  if (done === undefined) return null;
  return (
    <Notice tone="done" role="status">
      <p>{text(done.what, done.name)}</p>
      {done.what === 'removed' && <WayBack guide={guides.find(({ key }) => key === done.institution)} />}
    </Notice>
  );
}
