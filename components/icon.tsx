const PATHS = {
  settings: 'M4 8h8M18 8h2M15 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M4 16h2M12 16h8M9 13a3 3 0 1 0 0 6 3 3 0 0 0 0-6',
  copy: 'M9 9V4.500h10.500V15H15M4.5 9H15v10.500H4.500z',
  done: 'M5 12.500l4.5 4.500L19 7.5',
  next: 'M9 5l7 7-7 7',
  back: 'M15 5l-7 7 7 7',
  warn: 'M12 4l9.5 16h-19zM12 10v4.500M12 17.200v.3',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.500M12 7.500v.3',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2',
  swap: 'M7 4L3.5 7.5 7 11M4 7.500h13M17 13l3.5 3.500L17 20M20 16.500H7',
} as const;

export type IconName = keyof typeof PATHS;

/** A line drawing beside a word, hidden from screen readers. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
