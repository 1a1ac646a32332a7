/**
 * The door to the log: which command a client's request becomes, and the bound on its size.
 */
import type { Json } from '../services/json.ts';
import type { ReceivedRequest } from './bodies.ts';
import { maxCommandBytes } from './limits.ts';

/**
 * The most that text may grow when it is parsed and encoded again, in bytes for each UTF-16 unit of the line: a unit is
 * at most 3 bytes of UTF-8, and `1e15` becomes sixteen digits.
 */
const maxGrowth = 4;

type LoggedRequest = Extract<ReceivedRequest, { type: 'write' | 'cas' | 'delete' | 'raft_append' }>;

/** The command to log for a request. */
export function commandOf(body: LoggedRequest): Json {
  switch (body.type) {
    case 'write':
      return { op: 'put', key: body.key, value: body.value };
    case 'cas':
      return { op: 'cas', key: body.key, from: body.from, to: body.to };
    case 'delete':
      return { op: 'delete', key: body.key };
    case 'raft_append':
      return body.entry.command;
  }
}

/** Whether a request's command is too long for the log. Only a line long enough that it could be is measured. */
export function commandTooLong(body: ReceivedRequest, lineLength: number): boolean {
  if (lineLength * maxGrowth <= maxCommandBytes) return false;
  return isLogged(body) && Buffer.byteLength(JSON.stringify(commandOf(body))) > maxCommandBytes;
}

function isLogged(body: ReceivedRequest): body is LoggedRequest {
  return body.type === 'write' || body.type === 'cas' || body.type === 'delete' || body.type === 'raft_append';
}
