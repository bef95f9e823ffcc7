import { useRef, useState } from 'preact/hooks';

/** A part of the page whose script is loaded when it is first needed, so that the rest appears sooner. */
export function useLater<Part>(load: () => Promise<Part>) {
  const [part, setPart] = useState<Part>();
  const loading = useRef<Promise<Part | undefined>>(undefined);
  return {
    part,
    /** Undefined if the browser could not load it; the next call tries again. */
    want: () => {
      loading.current ??= load().then(
        (loaded) => {
          setPart(() => loaded);
          return loaded;
        },
        () => {
          loading.current = undefined;
          return undefined;
        },
      );
      return loading.current;
    },
  };
}
