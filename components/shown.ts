import { useLayoutEffect } from 'preact/hooks';
import type { TokenModel } from './token-model.ts';

/** Shows the code while `active` and the page is visible, and catches up when it comes back. */
export function useShown(model: TokenModel, active: boolean): void {
  useLayoutEffect(() => {
    if (!active) return;
    const follow = () => {
      if (document.hidden) model.hide();
      else void model.show();
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      model.hide();
    };
  }, [model, active]);
}
