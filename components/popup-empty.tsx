/** What the popup loads where there is no token. */
export { PopupEmpty } from './lock/popup-empty.tsx';
