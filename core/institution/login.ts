import type { Institution } from './directory.ts';

export type LoginWay = NonNullable<Institution['login']>[number];

/** How an institution's tokens prove themselves at login, 利用開始 and 利用解除, the preferred way first. */
export const loginWaysOf = ({ login = ['code'] }: Pick<Institution, 'login'>): readonly LoginWay[] => login;
