import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { PageState } from '../core/autofill/bank-page.ts';
import type { TextKey } from './text.ts';

/** Whether the permission for the token service's host was taken away, so that the network is not the cause. */
export const AccessContext = createContext(false);

/** The sentence about a service that does not answer: the given one, or the one about the missing permission. */
export function useUnreachable(): (otherwise: TextKey) => TextKey {
  const lacks = useContext(AccessContext);
  return (otherwise) => (lacks ? 'accessService' : otherwise);
}

/** Whether the popup's page state says that the permission is missing. */
export const lacksService = (page: PageState | undefined) =>
  page?.kind === 'not-permitted' && page.of !== 'page';
