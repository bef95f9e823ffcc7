import type { Context } from 'hono';
import type { Institution } from '../../core/institution/directory.ts';
import type { Clerk } from '../store/staff.ts';

/** Who works at the console, and for which institution. Nothing of another institution is shown or done. */
export interface SignedIn {
  readonly clerk: Clerk;
  readonly institution: Institution;
}

/** Whoever sent the request: a browser with a cookie, perhaps signed in. */
interface StaffVisitor {
  readonly id: string;
  readonly signedIn: SignedIn | undefined;
  /** Who has given the password and must still use a passkey. Nothing else is open to them. */
  readonly secondStep?: SignedIn | undefined;
  /** The session was there but has been idle for too long. */
  readonly timedOut: boolean;
}

export interface StaffEnv {
  Variables: {
    site: { readonly origin: string };
    visitor: StaffVisitor;
    /** Fields of the posted form; each name once. */
    form: ReadonlyMap<string, string>;
  };
}

export type StaffContext = Context<StaffEnv>;

/** Who is signed in. @throws Error on a route that is open to everyone */
export function signedIn(c: StaffContext): SignedIn {
  const { signedIn: found } = c.get('visitor');
  if (found === undefined) throw new Error('nobody is signed in on this route');
  return found;
}
