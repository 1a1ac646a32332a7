import * as z from 'zod/mini';
import { isJson, jsonEquals } from '../../src/services/json.ts';
import type { Json } from '../../src/services/json.ts';
import type { DataType } from '../checkers/transactions/transaction.ts';
import type { Body } from '../cluster/cluster.ts';
import { badReply, errorOutcome, replyFault } from './reply.ts';
import type { AskedStep, TxnInvocation } from './txn-generator.ts';
import type { BadReply, Outcome } from './workload.ts';

const step = z.tuple([z.string(), z.unknown(), z.unknown()]);
const list = z.nullable(z.array(z.unknown()));

/**
 * What an answer says of a transaction. It has to be the transaction that was asked for, step by step, with what the
 * reads brought in the place of their nulls. Maelstrom lets nodes answer with other steps; we do not.
 */
export function txnOutcome(invocation: TxnInvocation, reply: Body, type: DataType): Outcome | BadReply {
  if (reply.type === 'error') return errorOutcome(invocation, false, reply);
  const fault = replyFault('txn', reply, ['txn']);
  if (fault !== undefined) return fault;
  const { txn } = reply;
  const asked = invocation.value;
  if (!isJson(txn)) return badReply('answered a txn with a txn that nests too deeply or holds a number too large');
  if (!Array.isArray(txn)) return badReply('answered a txn with a txn that is no list of steps');
  if (txn.length !== asked.length) return badReply(`answered a txn of ${steps(asked.length)} with ${steps(txn.length)}`);
  for (const [place, wanted] of asked.entries()) {
    const wrong = stepFault(wanted, txn[place], type);
    if (wrong !== undefined) return badReply(`answered step ${place + 1} of a txn, ${JSON.stringify(wanted)}, with ${wrong}`);
  }
  return { type: 'ok', value: txn };
}

function stepFault([f, key, value]: AskedStep, told: Json | undefined, type: DataType): string | undefined {
  const parsed = step.safeParse(told);
  if (!parsed.success) return `${JSON.stringify(told)}, which is no [operation, key, value]`;
  const [toldF, toldKey, toldValue] = parsed.data;
  if (toldF !== f) return `the operation ${JSON.stringify(toldF)}`;
  if (!isJson(toldKey) || !jsonEquals(toldKey, key)) return `the key ${JSON.stringify(toldKey)}`;
  if (f !== 'r') {
    return isJson(toldValue) && jsonEquals(toldValue, value) ? undefined : `the value ${JSON.stringify(toldValue)}`;
  }
  const isList = type === 'rw-register' || list.safeParse(toldValue).success;
  return isList ? undefined : `${JSON.stringify(toldValue)}, which is no list`;
}

function steps(count: number): string {
  return count === 1 ? '1 step' : `${count} steps`;
}
