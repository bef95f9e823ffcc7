/** What the popup loads where the tab shows a bank's page. */
export { PageNotice } from './page-notice.tsx';
export { invitesCopy } from './page-notice-words.ts';
