import { isJson } from '../../src/services/json.ts';
import type { Json } from '../../src/services/json.ts';
import type { Body } from '../cluster/cluster.ts';
import { badReply, errorOutcome, replyFault } from './reply.ts';
import type { Ask, BadReply, ClientSide, Outcome } from './workload.ts';

/** A step as its client asks for it, as in Jepsen's histories of kafka. */
export type AskedStep = readonly ['send', key: string, message: Json] | readonly ['poll'];

/** `assign` has the keys that the client is to poll from now on; those of a last one are read from the beginning. */
export type KafkaInvocation =
  | { readonly f: 'send' | 'poll'; readonly value: readonly [AskedStep]; readonly final?: true }
  | { readonly f: 'assign'; readonly value: readonly string[]; readonly final?: true }
  | { readonly f: 'crash'; readonly value: null; readonly final?: true };

/** Key -> the messages from it, each with its offset. */
export type Messages = Readonly<Record<string, readonly (readonly [offset: number, message: Json])[]>>;

/**
 * Maelstrom's client of kafka (src/maelstrom/workload/kafka.clj). It knows which keys it polls, and for each of them
 * where to go on. An `assign` keeps the places of keys that it had already, and asks the node where others were
 * committed. A `poll` that brought something commits the highest offset of each key before it is done. In one thing it
 * differs: where the node refuses to commit, the places stay what they were, so that the messages are polled again;
 * Maelstrom's client goes on behind them, and then blames the node for having skipped them.
 */
export class KafkaClient implements ClientSide<KafkaInvocation> {
  #places: ReadonlyMap<string, number> = new Map();
  /** What was polled, while it is being committed. */
  #polled: Messages | undefined;

  begin(invocation: KafkaInvocation): Ask | Outcome {
    this.#polled = undefined;
    switch (invocation.f) {
      case 'crash':
        return { type: 'info', error: 'crash' };
      case 'assign':
        if (invocation.final !== true) return ask({ type: 'list_committed_offsets', keys: invocation.value });
        this.#places = new Map(invocation.value.map((key) => [key, 0]));
        return { type: 'ok', value: invocation.value };
      default: {
        const [step] = invocation.value;
        if (step[0] === 'poll') return ask({ type: 'poll', offsets: Object.fromEntries(this.#places) });
        return ask({ type: 'send', key: step[1], msg: step[2] });
      }
    }
  }

  receive(invocation: KafkaInvocation, reply: Body): Ask | Outcome | BadReply {
    if (reply.type === 'error') return errorOutcome(invocation, invocation.f === 'assign', reply);
    switch (invocation.f) {
      case 'crash':
        throw new Error('assertion: a crash makes no request');
      case 'assign':
        return this.#assign(invocation.value, reply);
      default: {
        const [step] = invocation.value;
        if (step[0] === 'send') return sent(step[1], step[2], reply);
        return this.#polled === undefined ? this.#take(reply) : this.#commit(this.#polled, reply);
      }
    }
  }

  #assign(keys: readonly string[], reply: Body): Outcome | BadReply {
    const fault = replyFault('list_committed_offsets', reply, ['offsets']);
    if (fault !== undefined) return fault;
    const { offsets } = reply;
    if (!isObject(offsets)) return badReply('answered a list_committed_offsets with offsets that are no object');
    const committed = new Map<string, number>();
    for (const [key, offset] of Object.entries(offsets)) {
      if (!keys.includes(key)) return badReply(`answered a list_committed_offsets with the key ${JSON.stringify(key)}, which was not asked for`);
      if (!isOffset(offset)) return badReply(`answered a list_committed_offsets with ${JSON.stringify(offset)} as an offset`);
      committed.set(key, offset);
    }
    this.#places = new Map(keys.map((key) => [key, this.#places.get(key) ?? committed.get(key) ?? 0]));
    return { type: 'ok', value: keys };
  }

  #take(reply: Body): Ask | Outcome | BadReply {
    const fault = replyFault('poll', reply, ['msgs']);
    if (fault !== undefined) return fault;
    const messages = messagesOf(reply['msgs'], this.#places);
    if ('what' in messages) return messages;
    const highest = Object.entries(messages.read).flatMap(([key, pairs]) => {
      return pairs.length === 0 ? [] : [[key, highestOffset(pairs)] as const];
    });
    if (highest.length === 0) return { type: 'ok', value: [['poll', messages.read]] };
    this.#polled = messages.read;
    return ask({ type: 'commit_offsets', offsets: Object.fromEntries(highest) });
  }

  #commit(polled: Messages, reply: Body): Outcome | BadReply {
    const fault = replyFault('commit_offsets', reply, []);
    if (fault !== undefined) return fault;
    const places = new Map(this.#places);
    for (const [key, pairs] of Object.entries(polled)) {
      if (pairs.length > 0) places.set(key, Math.max(places.get(key) ?? 0, highestOffset(pairs) + 1));
    }
    this.#places = places;
    return { type: 'ok', value: [['poll', polled]] };
  }
}

function sent(key: string, message: Json, reply: Body): Outcome | BadReply {
  const fault = replyFault('send', reply, ['offset']);
  if (fault !== undefined) return fault;
  const { offset } = reply;
  if (!isOffset(offset)) return badReply(`answered a send with ${JSON.stringify(offset)} as the offset`);
  return { type: 'ok', value: [['send', key, [offset, message]]] };
}

/** What a poll brought, or what is wrong with it. */
function messagesOf(told: unknown, asked: ReadonlyMap<string, number>): { readonly read: Messages } | BadReply {
  if (!isObject(told)) return badReply('answered a poll with msgs that are no object');
  const unasked = Object.keys(told).find((key) => !asked.has(key));
  if (unasked !== undefined) {
    return badReply(`answered a poll with the key ${JSON.stringify(unasked)}, which was not asked for`);
  }
  // As it came: a copy with numbers for keys would take kilobytes for each poll.
  return isMessages(told) ? { read: told } : badReply(`answered a poll with ${wrongMessage(told)}`);
}

function isMessages(told: Readonly<Record<string, unknown>>): told is Messages {
  return Object.values(told).every((pairs) => Array.isArray(pairs) && pairs.every(isPair));
}

/** The first thing that is wrong with what is not `isMessages`. */
function wrongMessage(told: Readonly<Record<string, unknown>>): string {
  for (const pairs of Object.values(told)) {
    if (!Array.isArray(pairs)) return 'messages that are no list';
    const wrong: unknown = pairs.find((pair) => !isPair(pair));
    if (wrong !== undefined) return `${shortened(wrong)}, which is not [offset, message]`;
  }
  return 'messages that are not [offset, message]';
}

function isPair(pair: unknown): pair is readonly [number, Json] {
  return Array.isArray(pair) && pair.length === 2 && isOffset(pair[0]) && isJson(pair[1]);
}

/** Any whole number that a double holds exactly: offsets need not begin at 0, nor follow each other. */
function isOffset(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

function highestOffset(pairs: readonly (readonly [number, Json])[]): number {
  return pairs.reduce((highest, [offset]) => Math.max(highest, offset), -Infinity);
}

function ask(body: Body): Ask {
  return { type: 'ask', body };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const maxShownLength = 80;

function shortened(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, maxShownLength);
}
