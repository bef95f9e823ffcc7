const STATUS =
  /\/(?:(?:transfer|services\/(?:limit|email)|otp\/replace\/requests|imports)\/[^/]+|login\/otp|otp\/(?:activate|release))\/status$/;

/** Whether a page requests this path by itself, to follow a request, an import or a challenge. @param pathname with the site's base or without */
export const isFollowing = (pathname: string): boolean => STATUS.test(pathname);
