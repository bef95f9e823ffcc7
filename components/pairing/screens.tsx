/** What the full page loads for 連携: most customers do it once, or never. */
export { DesktopPairing } from './desktop-pairing.tsx';
export { Desktops } from './desktops.tsx';
export { PhonePairing } from './phone-pairing.tsx';
