import { useText } from './text.ts';

/** Placeholder of the code, drawn only if reading takes noticeably long. */
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
