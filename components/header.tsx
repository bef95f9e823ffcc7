import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';
import { Mark } from './mark.tsx';
import { useText } from './text.ts';

interface HeaderProps {
  /** Absent at home and if there is nothing to go back to. */
  readonly onBack?: (() => void) | undefined;
  /** Links and buttons beside the mark. */
  readonly children?: ComponentChildren;
}

/** The button back; at home the mark, the product's name, and links. */
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
