import { useRef, useState } from 'preact/hooks';

/** A part of the page whose script is loaded when it is first wanted, so that the rest is there sooner. */
export function useLater<Part>(load: () => Promise<Part>) {
  const [part, setPart] = useState<Part>();
  const loading = useRef<Promise<boolean>>(undefined);
  return {
    part,
    /** False where the browser could not load it; it can be wanted again. */
    want: () => {
      loading.current ??= load().then(
        (loaded) => {
          setPart(() => loaded);
          return true;
        },
        () => {
          loading.current = undefined;
          return false;
        },
      );
      return loading.current;
    },
  };
}
