/** How entries, messages and answers are written in a scenario: short, but with every field that matters. */
import { parseCommand } from '../../src/services/kv/command.ts';
import type { Json } from '../../src/services/json.ts';
import type { ReceivedPeerReply, ReceivedPeerRequest } from '../../src/wire/peer-bodies.ts';
import { parseMessage } from '../../src/wire/message.ts';
import type { Entry, Members } from '../../src/raft/messages.ts';

/** Who sends, to whom, and what it says in a scenario's words. */
export interface Words {
  readonly type: string;
  readonly text: string;
}

/** Index, term and command: `3/2 x=5`. */
export function entryWords(entry: Entry): string {
  const { index, term } = entry;
  if (entry.kind !== 'configuration') return `${index}/${term} ${commandWords(entry.command)}`;
  return `${index}/${term} ${membersWords(entry.command)}`;
}

/** `voters n1 n2, learners n4`; of a joint configuration `voters n1 n2 n3 and n3 n4 n5`. */
function membersWords({ voters, learners, outgoing }: Members): string {
  const halves = outgoing === undefined ? '' : `${outgoing.join(' ')} and `;
  return `voters ${halves}${voters.join(' ')}${learners.length > 0 ? `, learners ${learners.join(' ')}` : ''}`;
}

export function entriesWords(entries: readonly Entry[]): string {
  return entries.length === 0 ? 'nothing' : entries.map(entryWords).join(', ');
}

export function commandWords(command: unknown): string {
  if (command === null) return 'no-op';
  const parsed = parseCommand(command);
  switch (parsed.op) {
    case 'put':
      return `${valueWords(parsed.key)}=${valueWords(parsed.value)}`;
    case 'delete':
      return `delete ${valueWords(parsed.key)}`;
    case 'cas':
      return `${valueWords(parsed.key)}:${valueWords(parsed.from)}->${valueWords(parsed.to)}`;
    case 'invalid':
      return JSON.stringify(command);
  }
}

function valueWords(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What a node's line says. */
export function lineWords(line: string): Words {
  const message = parseMessage(line);
  switch (message.kind) {
    case 'request':
      return { type: message.body.type, text: `${message.body.type} ${requestWords(message.body)}` };
    case 'reply':
      return { type: message.body.type, text: `${message.body.type} ${replyWords(message.body)}`.trimEnd() };
    case 'batch':
      return { type: 'batch', text: `batch of ${message.messages.length}` };
    default:
      return { type: message.kind, text: `${message.kind} ${line}` };
  }
}

function requestWords(body: ReceivedPeerRequest): string {
  switch (body.type) {
    case 'append_entries': {
      const { term, prev_log_index, prev_log_term, entries, leader_commit } = body;
      const place = `${prev_log_index}/${prev_log_term}`;
      return `term ${term}, after ${place}: ${entriesWords(entries)}; commit ${leader_commit}`;
    }
    case 'request_vote':
    case 'pre_vote': {
      const order = body.type === 'request_vote' && body.transfer !== undefined ? `, ordered by ${body.transfer}` : '';
      return `term ${body.term}, log ends ${body.last_log_index}/${body.last_log_term}${order}`;
    }
    case 'timeout_now':
      return `term ${body.term}, to ${body.target}`;
    case 'propose':
      return `term ${body.term}: ${body.requests.map(({ command }) => commandWords(command)).join(', ')}`;
    case 'read_index':
      return `term ${body.term}`;
    case 'install_snapshot': {
      const { term, last_included_index, last_included_term, offset, data, total_bytes, done } = body;
      const piece = `bytes ${offset} to ${offset + data.length} of ${total_bytes}${done ? ', done' : ''}`;
      return `term ${term}, up to ${last_included_index}/${last_included_term}: ${piece}`;
    }
  }
}

function replyWords(body: ReceivedPeerReply): string {
  switch (body.type) {
    case 'append_entries_ok': {
      if (body.success) return `match ${body.match_index}`;
      const place = body.conflict_index === undefined ? '' : `, conflict at ${body.conflict_index}`;
      const term = body.conflict_term === undefined ? '' : ` of term ${body.conflict_term}`;
      return `rejected, term ${body.term}${place}${term}`;
    }
    case 'request_vote_ok':
    case 'pre_vote_ok':
      return `term ${body.term}, ${body.vote_granted ? 'granted' : 'refused'}`;
    case 'read_index_ok':
      return `term ${body.term}, index ${body.index}`;
    case 'install_snapshot_ok':
      return `term ${body.term}, offset ${body.offset}`;
    case 'error':
      return `${body.code}: ${body.text ?? ''}`;
  }
}

/** What a client is told, behind the type. */
export function answerWords(body: Readonly<Record<string, unknown>>): string {
  switch (body['type']) {
    case 'error':
      return `${String(body['code'])}: ${String(body['text'] ?? '')}`;
    case 'read_ok':
      return JSON.stringify(body['value']);
    case 'raft_append_ok':
      return `index ${String(body['index'])}`;
    default:
      return '';
  }
}
