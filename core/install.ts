/**
 * How this browser makes an app of a page. ios: by its share button · android: by its menu · desktop: by its address bar or menu ·
 * dock: Safari on a Mac, by its menu · none: not at all, as far as is known
 */
export type InstallWay = 'ios' | 'android' | 'desktop' | 'dock' | 'none';

/** Making the companion an app of the device. */
export interface Installer {
  readonly way: InstallWay;
  /** Whether the page runs as an app already. */
  readonly installed: boolean;
  /** Tells whether the browser would ask the customer now; whenever that changes, until aborted. */
  watch(tell: (canAsk: boolean) => void, signal: AbortSignal): void;
  /** Has the browser ask the customer. @returns whether they agreed */
  ask(): Promise<boolean>;
}

/** @param touchPoints an iPad says that it is a Mac, which has no touch screen */
export function installWay(userAgent: string, touchPoints: number): InstallWay {
  const isMac = userAgent.includes('Macintosh');
  if (/iPhone|iPad|iPod/.test(userAgent) || (isMac && touchPoints > 1)) return 'ios';
  if (userAgent.includes('Android')) return 'android';
  if (userAgent.includes('Firefox/')) return 'none';
  return isMac && !userAgent.includes('Chrome/') ? 'dock' : 'desktop';
}
