import { Icon } from './icon.tsx';
import { useText } from './text.ts';

/** The way from the code to the other tokens. */
export function SwitchButton({ onClick }: { onClick: () => void }) {
  const text = useText();
  return (
    <button type="button" class="button bare" onClick={onClick}>
      <Icon name="swap" />
      {text('chooseTitle')}
    </button>
  );
}
