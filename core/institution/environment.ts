/** An institution's key as the end of an environment variable's name: `my-bank` becomes `MY_BANK`. */
export const environmentName = (key: string): string => key.toUpperCase().replaceAll('-', '_');
