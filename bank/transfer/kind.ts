import type { RequestKind } from '../request/kind.ts';
import { detailsOf, readTransfer } from '../store/transfers.ts';
import { claim } from './execute.ts';
import { move } from './move.ts';

/** 振込. */
export const TRANSFER: RequestKind = {
  type: 'transfer',
  table: 'transfers',
  pathOf: (id) => `/transfer/${id}`,
  words: {
    button: '確認画面',
    refused:
      'お振込先の名称に使用できない文字が含まれています。修正して、もう一度「確認画面」ボタンを押して下さい。',
  },
  transactionOf: async (db, id) => detailsOf(await readTransfer(db, id)),
  claim: async (dependencies, institution, id, code) => {
    const row = await readTransfer(dependencies.db, id);
    return claim(dependencies, institution, { row, otpInUse: true, code });
  },
  fulfil: async (dependencies, institution, id, trx) =>
    move(dependencies, institution, await readTransfer(trx, id), trx),
};
