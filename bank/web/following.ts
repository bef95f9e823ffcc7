const STATUS = /\/(?:transfer|services\/(?:limit|email))\/[^/]+\/status$/;

/** Whether a page requests this path by itself, to follow a request. @param pathname with the site's base or without */
export const isFollowing = (pathname: string): boolean => STATUS.test(pathname);
