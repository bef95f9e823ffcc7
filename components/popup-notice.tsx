/** What the popup loads where the tab shows a bank's page, or none can be told. */
export { AccessNotice } from './access-notice.tsx';
export { PageNotice } from './page-notice.tsx';
export { invitesCopy } from './page-notice-words.ts';
