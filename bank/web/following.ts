const STATUS = /\/(?:transfer|services\/(?:limit|email)|imports)\/[^/]+\/status$/;

/** Whether a page requests this path by itself, to follow a request or an import. @param pathname with the site's base or without */
export const isFollowing = (pathname: string): boolean => STATUS.test(pathname);
