/** An institution's key as it stands at the end of an environment variable's name: `my-bank` is `MY_BANK`. */
export const environmentName = (key: string): string => key.toUpperCase().replaceAll('-', '_');
