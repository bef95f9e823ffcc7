import { useEffect, useState } from 'preact/hooks';
import type { HostAccess } from '../core/autofill/bank-page.ts';

/** Whether the permission for the token service's host is missing; asked again whenever that may have changed. */
export function useLacksService(access: HostAccess | undefined): boolean {
  const [lacks, setLacks] = useState(false);
  useEffect(() => {
    if (access === undefined) return;
    const look = () => void access.lacksService().then(setLacks, () => undefined);
    const watching = new AbortController();
    access.watch(look, watching.signal);
    look();
    return () => watching.abort();
  }, [access]);
  return lacks;
}
