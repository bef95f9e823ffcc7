import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';
import { Mark } from './mark.tsx';
import { useText } from './text.ts';

interface HeaderProps {
  /** Absent at home and where there is nothing to go back to. */
  readonly onBack?: (() => void) | undefined;
  /** What the screen offers beside the mark. */
  readonly children?: ComponentChildren;
}

/** The way back, or at home the mark, the product's name and the ways on. */
export function Header({ onBack, children }: HeaderProps) {
  const text = useText();
  if (onBack) {
    return (
      <header class="bar">
        <button type="button" class="button bare" onClick={onBack}>
          <Icon name="back" />
          {text('back')}
        </button>
        <span class="brand" />
        <Mark />
      </header>
    );
  }
  return (
    <header class="bar">
      <Mark />
      <span class="brand">{text('brand')}</span>
      {children}
    </header>
  );
}
