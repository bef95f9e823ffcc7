import type { Directory } from './directory.ts';

/** The first of the three ports for which the default directory is written. */
export const FIRST_PORT = 4600;

/**
 * The default directory moved to another row of ports: token service on `firstPort`, banks on the next.
 * Origins on other ports, as in a deployment's own directory, stay as they are.
 */
export function onPorts(directory: Directory, firstPort: number): Directory {
  const move = (origin: string): string => {
    const url = new URL(origin);
    const distance = Number(url.port) - FIRST_PORT;
    if (!url.hostname.endsWith('.localhost') || distance < 0 || distance > 2) return origin;
    url.port = String(firstPort + distance);
    return url.origin;
  };
  return {
    ...directory,
    institutions: directory.institutions.map((institution) => ({
      ...institution,
      pageOrigins: institution.pageOrigins.map(move),
      serviceOrigin: move(institution.serviceOrigin),
    })),
    preparing: directory.preparing?.map((institution) => ({
      ...institution,
      pageOrigins: institution.pageOrigins.map(move),
    })),
  };
}
