import { useLayoutEffect } from 'preact/hooks';

/** A model that works only while it is visible. */
interface Showable {
  show(): void | Promise<void>;
  hide(): void;
}

/** Runs a model while it is `active` and the page is visible, and updates it when the page becomes visible again. */
export function useShown(model: Showable, active: boolean): void {
  useLayoutEffect(() => {
    if (!active) return model.hide();
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
