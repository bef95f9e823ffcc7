/** Whether a tab shows a document still. The browser tells of a navigation within a document as of one to another page. */
export type IsShown = (page: {
  readonly tabId: number;
  readonly documentId?: string | undefined;
}) => Promise<boolean>;

/** For a tab that was closed, and where it does not matter what the tab shows. */
export const shownNoMore: IsShown = async () => false;
