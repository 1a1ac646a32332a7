import * as z from 'zod/mini';
import { errorCode, errorName, isDefinite } from '../../src/wire/errors.ts';
import type { Json } from '../../src/services/json.ts';
import type { Body } from '../cluster/cluster.ts';
import type { BadReply, Invocation, Outcome } from './workload.ts';

// How clients read answers, as Maelstrom does (src/maelstrom/client.clj): the fields of an answer are a closed set, those
// of an error are not.

/** Fields that every answer may have, besides those that its request asks for. */
const common = ['type', 'in_reply_to', 'msg_id'];

const errorReply = z.object({ type: z.literal('error'), code: z.int(), text: z.optional(z.string()) });

/**
 * Checks that an answer is the one to a request of type `asked` and has exactly the fields that it has to have. Gives
 * what is wrong with it, or undefined; an error is for `errorOutcome`.
 */
export function replyFault(asked: string, reply: Body, fields: readonly string[]): BadReply | undefined {
  const question = `${/^[aeiou]/.test(asked) ? 'an' : 'a'} ${asked}`;
  if (reply.type !== `${asked}_ok`) return badReply(`answered ${question} with ${JSON.stringify(reply.type)}`);
  const missing = fields.find((field) => reply[field] === undefined);
  if (missing !== undefined) return badReply(`answered ${question} without its ${missing}`);
  const unknown = Object.keys(reply).find((field) => !common.includes(field) && !fields.includes(field));
  if (unknown !== undefined) {
    const known = ['type', 'in_reply_to', ...fields].join(', ');
    return badReply(`answered ${question} with a field ${JSON.stringify(unknown)}; it has ${known} and may have msg_id`);
  }
  const { msg_id: messageId } = reply;
  if (messageId !== undefined && !Number.isInteger(messageId)) {
    return badReply(`answered ${question} with a msg_id that is no whole number`);
  }
  return undefined;
}

/**
 * What an error says of an operation: `fail` where the code is one that Maelstrom calls definite, or where the operation
 * changes nothing; otherwise it is not known.
 */
export function errorOutcome(invocation: Invocation, changesNothing: boolean, reply: Body): Outcome | BadReply {
  const parsed = errorReply.safeParse(reply);
  if (!parsed.success) return badReply(`answered a ${invocation.f} with an error that has no whole number as its code`);
  const { code, text } = parsed.data;
  const isCertain = changesNothing || isDefinite(code);
  return { type: isCertain ? 'fail' : 'info', error: [code, errorName(code) ?? text ?? 'unknown'] };
}

/** Whether an answer says that a key does not exist. */
export function isKeyMissing(reply: Body): boolean {
  return reply.type === 'error' && reply['code'] === errorCode.keyDoesNotExist;
}

/** The outcome of an operation that got no answer, for the reason given. */
export function openOutcome(changesNothing: boolean, reason: Json): Outcome {
  return { type: changesNothing ? 'fail' : 'info', error: reason };
}

export function badReply(what: string): BadReply {
  return { type: 'bad-reply', what };
}
