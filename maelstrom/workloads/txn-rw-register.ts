import { txnWorkload } from './txn.ts';

/** Maelstrom's txn-rw-register: transactions that read registers and overwrite them. */
export const txnRwRegister = txnWorkload('txn-rw-register', 'rw-register');
