import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { PageState } from '../core/autofill/bank-page.ts';
import type { TextKey } from './text.ts';

/** Whether the permission for the token service's host was taken away: then no network is to blame. */
export const AccessContext = createContext(false);

/** Of a sentence about a service that does not answer: the one to say. */
export function useUnreachable(): (otherwise: TextKey) => TextKey {
  const lacks = useContext(AccessContext);
  return (otherwise) => (lacks ? 'accessService' : otherwise);
}

/** Whether the popup's page state says so. */
export const lacksService = (page: PageState | undefined) =>
  page?.kind === 'not-permitted' && page.of !== 'page';
