/** What the popup loads if there is no token. */
export { PopupEmpty } from './lock/popup-empty.tsx';
