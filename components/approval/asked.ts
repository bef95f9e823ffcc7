import { useEffect, useRef } from 'preact/hooks';
import { isAtRest, type Route } from '../token-route.ts';

/**
 * Leads to each question once, as soon as nothing is under way: nothing else waits so short a time.
 * @param asked id of the question on 承認
 * @param ready whether the vault is open
 */
export function useAsked(asked: string | undefined, ready: boolean, route: Route, onAsked: () => void): void {
  const led = useRef<string>(undefined);
  const free = ready && (route.at === 'confirm' || isAtRest(route));
  useEffect(() => {
    if (!free || asked === undefined || asked === led.current) return;
    led.current = asked;
    onAsked();
  }, [asked, free]);
}
