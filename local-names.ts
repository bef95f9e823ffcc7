import type { Directory } from './core/institution/directory.ts';

/** The host names used on this machine: those of the directory under `.localhost`, start page, staff console and inbox. */
export function localNames({ institutions, preparing = [] }: Directory): string[] {
  const origins = [
    ...institutions.flatMap(({ serviceOrigin, pageOrigins }) => [serviceOrigin, ...pageOrigins]),
    ...preparing.flatMap(({ pageOrigins }) => pageOrigins),
  ];
  const ours = ['staff.localhost', 'inbox.localhost'];
  const names = ['banks.localhost', ...origins.map((origin) => new URL(origin).hostname), ...ours];
  return [...new Set(names)].filter((name) => name.endsWith('.localhost'));
}

/** The names the system's resolver does not know. Chromium and Firefox do not ask it; Safari does. */
export async function unknownNames(
  names: readonly string[],
  lookup: (name: string) => Promise<unknown>,
): Promise<string[]> {
  const known = await Promise.all(
    names.map((name) =>
      lookup(name).then(
        () => true,
        () => false,
      ),
    ),
  );
  return names.filter((_name, index) => !known[index]);
}

/** The line for `/etc/hosts` that makes the names known. */
export function hostsLine(names: readonly string[]): string {
  return `127.0.0.1 ${names.join(' ')}`;
}
