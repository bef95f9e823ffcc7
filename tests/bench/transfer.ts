/** In ASCII, as the bench's connections speak it. */
export const TRANSFER = {
  type: 'transfer',
  bank: { code: '9911', name: 'MIHON' },
  branch: { code: '001', name: 'HONTEN' },
  accountType: 'ordinary',
  accountNumber: '1234567',
  payee: 'MIHON TARO',
  amount: 150_000,
} as const;
