import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

export type Tone = 'info' | 'done' | 'warn' | 'danger';

const ICONS: Record<Tone, IconName> = { info: 'info', done: 'done', warn: 'warn', danger: 'warn' };

interface NoticeProps {
  readonly tone: Tone;
  readonly title?: string | undefined;
  /** Screen readers read `alert` at once and `status` when they are free; without a role they do not announce it. */
  readonly role?: 'alert' | 'status' | undefined;
  readonly id?: string;
  readonly children?: ComponentChildren;
}

/** A message to the customer: what happened, and what to do. */
export function Notice({ tone, title, role, id, children }: NoticeProps) {
  return (
    <div class="notice" data-tone={tone} role={role} id={id}>
      <Icon name={ICONS[tone]} />
      <div class="notice-body">
        {title && <p class="notice-title">{title}</p>}
        {children}
      </div>
    </div>
  );
}
