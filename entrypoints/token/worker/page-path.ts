/** Whether a path of the service is the companion's page. */
export const isPagePath = (path: string): boolean => path === '/' || path === '/index.html';
