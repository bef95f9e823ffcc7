export const COVERED: readonly { attack: string; file: string; name: string }[] = [];
