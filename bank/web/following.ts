const STATUS = /\/(?:transfer|services\/(?:limit|email))\/[^/]+\/status$/;

/** Whether it is what a page asks for while it follows a request, with nobody doing anything; `pathname` with the site's base or without. */
export const isFollowing = (pathname: string): boolean => STATUS.test(pathname);
