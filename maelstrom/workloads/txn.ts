import { dataTypeOf } from '../checkers/transactions/read-history.ts';
import type { DataType } from '../checkers/transactions/transaction.ts';
import { openOutcome } from './reply.ts';
import { TxnGenerator } from './txn-generator.ts';
import type { TxnInvocation } from './txn-generator.ts';
import { defaultModels, judgeTransactions } from './txn-judge.ts';
import { txnOutcome } from './txn-reply.ts';
import type { Settings, Workload } from './workload.ts';

/**
 * What Maelstrom's two workloads of transactions share. A client sends `{"type":"txn","txn":[[f,key,value],...]}` and
 * gets `txn_ok` with the same steps, completed. An error that Maelstrom calls definite (30, the transaction is in
 * conflict with another one, among them) means that the transaction was aborted; after any other, or none, it may have
 * been committed.
 */
export function txnWorkload(name: string, type: DataType, settings: Settings = {}): Workload<TxnInvocation> {
  const write = type === 'list-append' ? 'append' : 'w';
  return {
    name,
    operations: ['txn'],
    isForRaft: true,
    threadsPerGroup: () => 1,
    timeoutMs: () => 5000,
    generator: (options) => new TxnGenerator(write, options, settings),
    request: ({ value }) => ({ type: 'txn', txn: value }),
    outcome: (invocation, reply) => txnOutcome(invocation, reply, type),
    unanswered: (_, reason) => openOutcome(false, reason),
    fits: (events) => dataTypeOf(events) === type,
    configured: (more) => txnWorkload(name, type, { ...settings, ...more }),
    judge: (events, options) => judgeTransactions(events, type, settings.consistencyModels ?? defaultModels, options),
  };
}
