import { useLayoutEffect } from 'preact/hooks';

/** What is shown and hidden: it works only while it can be seen. */
interface Showable {
  show(): void | Promise<void>;
  hide(): void;
}

/** Shows a model's screen while `active` and the page is visible, and catches up when it comes back. */
export function useShown(model: Showable, active: boolean): void {
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
