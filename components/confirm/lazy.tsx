import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { PopupShell } from '../../core/ports.ts';
import { timeout } from '../timeout.ts';
import type { ConfirmScreensProps } from './confirm-screens.tsx';
import type { Inbox } from './inbox.ts';

type DrawProps = Pick<ConfirmScreensProps, 'tokens' | 'onDone'>;
type Draw = (props: DrawProps) => ComponentChildren;

/** The screens of 取引認証, whose script is loaded when the first of them is wanted. Their state stays from then on. */
export function useConfirmScreens(shell: PopupShell, inbox: Inbox) {
  const [draw, setDraw] = useState<Draw>();
  const loading = useRef<Promise<boolean>>(undefined);
  const load = async () => {
    const { ConfirmScreens, createConfirmModel } = await import('./confirm-screens.tsx');
    const model = createConfirmModel({ ...shell, schedule: timeout }, inbox);
    setDraw(() => (props: DrawProps) => (
      <ConfirmScreens {...props} shell={shell} model={model} inbox={inbox} />
    ));
    return true;
  };
  return {
    draw,
    /** False where the browser could not load them. */
    load: () => {
      loading.current ??= load().catch(() => {
        loading.current = undefined;
        return false;
      });
      return loading.current;
    },
  };
}
