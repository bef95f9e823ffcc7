import { html } from 'hono/html';

export { html };

/** A piece of a page: everything put into the template is escaped unless it is such a piece itself. */
export type Html = ReturnType<typeof html>;

export const nothing: Html = html``;
