/** A command cannot do or tell what it is asked to; the message says why. */
export class CannotTellError extends Error {
  override name = 'CannotTellError';
}

/** A database was written with another key than the one there is. */
export class WrongKeyError extends CannotTellError {
  override name = 'WrongKeyError';
}

export const messageOf = (error: unknown) => {
  if (!(error instanceof Error)) return String(error);
  return error.message || ('code' in error ? String(error.code) : error.name);
};
