import { useText } from './text.ts';

/** Holds the place of the code; drawn only where reading takes long enough to be noticed. */
export function Loading() {
  const text = useText();
  return (
    <section class="card token loading" aria-busy="true">
      <p class="visually-hidden">{text('loading')}</p>
      <span class="bone bone-name" />
      <span class="bone bone-code" />
      <span class="bone bone-button" />
    </section>
  );
}
