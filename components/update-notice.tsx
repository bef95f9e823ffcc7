import { useEffect, useState } from 'preact/hooks';
import type { UpdateState, Updates } from '../core/updates.ts';
import { Notice } from './notice.tsx';
import { useText } from './text.ts';

interface UpdateNoticeProps {
  readonly updates: Updates;
  /** Whether nothing is under way on the screen that a new start would break off. */
  readonly idle: boolean;
  /** Whether a try to unlock is judged, which a new start would break off. */
  readonly judging: boolean;
}

/** Offers a newer version where nothing is under way. Where another page took it, this one follows as soon as it may. */
export function UpdateNotice({ updates, idle, judging }: UpdateNoticeProps) {
  const text = useText();
  const [state, setState] = useState<UpdateState>('none');
  useEffect(() => {
    const watching = new AbortController();
    updates.watch(setState, watching.signal);
    return () => watching.abort();
  }, [updates]);
  useEffect(() => {
    if (idle && !judging && state === 'taken') updates.restart();
  }, [updates, idle, judging, state]);
  if (!idle || state !== 'offered') return null;
  return (
    <Notice tone="info" title={text('updateTitle')} role="status">
      <p>{text('updateBody')}</p>
      <button type="button" class="button" onClick={updates.take}>
        {text('updateDo')}
      </button>
    </Notice>
  );
}
