/**
 * How Node is to run the token service. On PostgreSQL its own heap stays small, and a heap that may grow lazily on a
 * large machine would take twice the memory; the built-in database needs room of its own.
 */
export function nodeFlags({ DATABASE_URL }: Readonly<Record<string, string | undefined>>): string[] {
  const quiet = ['--disable-warning=ExperimentalWarning'];
  return DATABASE_URL === undefined
    ? quiet
    : [...quiet, '--max-old-space-size=96', '--max-semi-space-size=4'];
}
