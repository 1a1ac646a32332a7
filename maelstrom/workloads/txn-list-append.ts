import { txnWorkload } from './txn.ts';

/** Maelstrom's txn-list-append: transactions that read lists and append to them. */
export const txnListAppend = txnWorkload('txn-list-append', 'list-append');
