/**
 * Turns outcomes into Maelstrom's replies. No other file turns an outcome into a body, or a refusal into an error code.
 */
import type { Outcome, Refusal } from '../member/outcome.ts';
import type { Json, JsonObject } from '../services/json.ts';
import type { Operation, Result } from '../services/service.ts';
import type { EncodableFields } from '../wire/encode.ts';
import { errorCode } from '../wire/errors.ts';
import type { ErrorCode } from '../wire/errors.ts';

/** A client that waits for an answer, and its request. */
export interface Client {
  readonly src: string;
  readonly msgId: number;
  /** The type of the request. */
  readonly type: string;
  /** Set if the request is an operation of the service. */
  readonly operation?: Operation | undefined;
}

/** A reply without its message numbers. Its fields are in the order of the wire. */
export interface ClientReply {
  readonly type: string;
  readonly fields: EncodableFields;
}

/** The reply for an outcome. */
export function replyTo(client: Client, outcome: Outcome<Result>): ClientReply {
  switch (outcome.kind) {
    case 'done':
      return replyOfResult(client, outcome.result);
    case 'appended':
      return { type: 'raft_append_ok', fields: { index: outcome.index } };
    case 'reconfigured':
      return { type: 'raft_reconfigure_ok', fields: {} };
    case 'transferred':
      return { type: 'raft_transfer_ok', fields: {} };
    case 'durable':
      return { type: 'init_ok', fields: {} };
    case 'status': {
      const { role, term, leader, commitIndex, lastApplied, firstIndex, lastIndex } = outcome.status;
      const ends = { commit_index: commitIndex, last_applied: lastApplied, first_index: firstIndex, last_index: lastIndex };
      const { configuration } = outcome.status;
      return { type: 'raft_status_ok', fields: { role, term, leader, ...ends, ...(configuration && { configuration }) } };
    }
    case 'log': {
      const { entries, status: { firstIndex, commitIndex, lastApplied } } = outcome;
      const ends = { first_index: firstIndex, commit_index: commitIndex, last_applied: lastApplied };
      return { type: 'raft_log_ok', fields: { entries, ...ends } };
    }
    case 'refused':
      return refusal(outcome.why);
    case 'aborted':
      return error(errorCode.abort, 'another leader replaced the entry before it was committed');
    case 'in-doubt':
      return error(errorCode.crash, 'no outcome is known yet; the request may still take effect');
  }
}

function replyOfResult({ type, operation }: Client, result: Result): ClientReply {
  switch (result.kind) {
    case 'ok':
      return { type: `${type}_ok`, fields: {} };
    case 'value':
      return { type: `${type}_ok`, fields: operation?.replyOf(result.value) ?? {} };
    case 'no-such-key':
      return error(errorCode.keyDoesNotExist, 'key does not exist');
    case 'mismatch':
      return error(errorCode.preconditionFailed, `expected another value, found ${shortened(result.found)}`);
    case 'not-understood':
      return error(errorCode.malformedRequest, `not a command: ${result.reason}`);
  }
}

/** The reply for a refusal. */
export function refusal(why: Refusal): ClientReply {
  switch (why.kind) {
    case 'unknown-operation':
      return error(errorCode.notSupported, why.text);
    case 'malformed':
      return error(errorCode.malformedRequest, why.text);
    case 'wrong-term':
      return error(
        errorCode.preconditionFailed,
        `body.entry.term: the leader's term is ${why.term}, not ${why.asked}`,
      );
    case 'not-started':
      return unavailable('not initialized yet');
    case 'no-leader':
      return unavailable('no leader is known');
    case 'not-leader':
      return unavailable(`the leader is ${why.leader}`);
    case 'too-many-pending':
      return unavailable(`too many ${why.of} pending`);
    case 'log-full':
      return unavailable('too many entries are uncommitted');
    case 'disk-nearly-full':
      return unavailable('the disk is nearly full');
    case 'change-in-progress':
      return unavailable('a change of the members is in progress');
    case 'leader-not-ready':
      return unavailable('the leader has not committed an entry of its term yet');
    case 'change-given-up':
      return unavailable(`the change was given up: ${why.why}`);
    case 'transferring':
      return unavailable('the leader lets another node lead');
    case 'no-transfer-target':
      return unavailable('no such voter answers');
    case 'not-transferred':
      return unavailable('the node that was to lead did not catch up in time');
    case 'refused-by-leader':
      return unavailable(`the leader, ${why.leader}, takes no more`);
  }
}

function unavailable(text: string): ClientReply {
  return error(errorCode.temporarilyUnavailable, text);
}

function error(code: ErrorCode, text: string): ClientReply {
  return { type: 'error', fields: { code, text } };
}

const maxShownLength = 100;

function shortened(value: Json): string {
  const text = beginningOf(value, maxShownLength);
  return text.length <= maxShownLength ? text : `${text.slice(0, maxShownLength)}...`;
}

/** The value's JSON, or more of its beginning than `length`: a large value is not gone through for so little. */
function beginningOf(value: Json, length: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, length));
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  let text = '';
  for (const [name, member] of membersOf(value)) {
    const nameText = name === undefined ? '' : `${beginningOf(name, length)}:`;
    text += `${text === '' ? '' : ','}${nameText}${beginningOf(member, length)}`;
    if (text.length > length) break;
  }
  return `${open}${text}${close}`;
}

function* membersOf(value: readonly Json[] | JsonObject): Generator<readonly [name: string | undefined, member: Json]> {
  if (value instanceof Array) for (const member of value) yield [undefined, member];
  else for (const [name, member] of Object.entries(value)) yield [name, member];
}
