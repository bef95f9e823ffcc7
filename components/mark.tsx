/** The 割符: two halves of a tally with a cut between them. `joined` closes the cut. */
export function Mark({ size = 28, joined = false }: { size?: number; joined?: boolean }) {
  return (
    <svg
      class="mark"
      data-joined={joined}
      viewBox="0 0 128 128"
      width={size}
      height={size}
      aria-hidden="true"
    >
      <path class="mark-left" d="M26 8H72L54 46L70 80L52 120H26A16 16 0 0 1 10 104V24A16 16 0 0 1 26 8Z" />
      <path class="mark-right" d="M85 8H102A16 16 0 0 1 118 24V104A16 16 0 0 1 102 120H65L83 80L67 46Z" />
    </svg>
  );
}
