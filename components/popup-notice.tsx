/** What the popup loads if the tab shows a bank's page, or may show one. */
export { AccessNotice } from './access-notice.tsx';
export { PageNotice } from './page-notice.tsx';
export { invitesCopy } from './page-notice-words.ts';
