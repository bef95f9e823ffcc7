import { type Installer, installWay } from '../../core/install.ts';
import { drawSplash } from './splash.ts';

/** Chromium's offer to install a page, which it makes by an event (Manifest Incubations, `BeforeInstallPromptEvent`). */
interface InstallOffer extends Event {
  prompt(): Promise<{ readonly outcome: 'accepted' | 'dismissed' }>;
}

const isOffer = (event: Event): event is InstallOffer =>
  'prompt' in event && typeof event.prompt === 'function';

/** To be made when the page starts: the browser makes its offer once, and to whoever listens. */
export function createWebInstaller(): Installer {
  const offers = new EventTarget();
  let offer: InstallOffer | undefined;
  const become = (next: InstallOffer | undefined) => {
    offer = next;
    offers.dispatchEvent(new Event('change'));
  };
  addEventListener('beforeinstallprompt', (event) => {
    if (!isOffer(event)) return;
    // the customer finds it where the page explains it
    event.preventDefault();
    become(event);
  });
  addEventListener('appinstalled', () => become(undefined));
  const way = installWay(navigator.userAgent, navigator.maxTouchPoints);
  return {
    way,
    installed: isInstalled(),
    watch(tell, signal) {
      // who watches shows how to add it
      if (way === 'ios') drawSplash();
      const tellNow = () => tell(offer !== undefined);
      offers.addEventListener('change', tellNow, { signal });
      tellNow();
    },
    async ask() {
      const asked = offer;
      // an offer can be used once
      become(undefined);
      return (await asked?.prompt())?.outcome === 'accepted';
    },
  };
}

const isInstalled = () =>
  matchMedia('(display-mode: standalone)').matches ||
  ('standalone' in navigator && navigator.standalone === true);
