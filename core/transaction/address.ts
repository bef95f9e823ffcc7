/** Longest mail address (RFC 5321 §4.5.3.1.3). */
export const MOST_ADDRESS = 254;

/** One mail address of plain ASCII and nothing else, because it goes into a mail's header. */
export const ADDRESS =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

export const isAddress = (text: string): boolean => text.length <= MOST_ADDRESS && ADDRESS.test(text);
