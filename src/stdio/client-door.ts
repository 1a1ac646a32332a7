/**
 * The door for clients: which request a message is, what it asks of the member, and why it is refused where it is.
 */
import { faultOfRequest } from '../services/service.ts';
import type { Operation, Service } from '../services/service.ts';
import { pathText } from '../services/json.ts';
import type { Json } from '../services/json.ts';
import type { Refusal } from '../member/outcome.ts';
import type { UnreadRequest } from '../wire/hot-messages.ts';
import { maxCommandBytes } from '../wire/limits.ts';
import { issueText, unknownType } from '../wire/message.ts';
import { describer } from '../wire/schema.ts';
import type { Described } from '../wire/schema.ts';
import { clientRequestsOf } from './client-bodies.ts';
import type { ClientRequest } from './client-bodies.ts';

/** What a client's request is once it is read. */
export type ClientAsks =
  /** One of those that every node knows. */
  | { readonly kind: 'request'; readonly body: ClientRequest }
  /** An operation of the service, and the command or the query that it becomes. */
  | { readonly kind: 'operation'; readonly operation: Operation; readonly demand: Json }
  | { readonly kind: 'refused'; readonly why: RefusedAtDoor };

type RefusedAtDoor = Extract<Refusal, { kind: 'malformed' | 'unknown-operation' }>;

/**
 * The most that text may grow when it is parsed and encoded again, in bytes for each UTF-16 unit of the line: a unit is
 * at most 3 bytes of UTF-8, and `1e15` becomes sixteen digits.
 */
const maxGrowth = 4;

export class ClientDoor {
  readonly #service: Service;
  readonly #describe: (type: string) => Described<ClientRequest> | undefined;

  constructor(service: Service) {
    this.#service = service;
    this.#describe = describer<ClientRequest>(clientRequestsOf(service.commandFault));
  }

  read(request: UnreadRequest): ClientAsks {
    const operation = this.#service.operations.get(request.type);
    return operation === undefined ? this.#readRequest(request) : readOperation(operation, request);
  }

  #readRequest({ type, body, lineLength }: UnreadRequest): ClientAsks {
    const described = this.#describe(type);
    if (described === undefined) return refused({ kind: 'unknown-operation', text: unknownType(type) });
    const parsed = described.schema.safeParse(body);
    if (!parsed.success) return malformed(issueText(parsed.error, ['body']));
    if (parsed.data.type === 'raft_append' && isTooLong(parsed.data.entry.command, lineLength)) return tooLong;
    return { kind: 'request', body: parsed.data };
  }
}

function readOperation(operation: Operation, { body, lineLength }: UnreadRequest): ClientAsks {
  const demand = operation.demandOf(body);
  if (demand === undefined) {
    const { path, reason } = faultOfRequest(operation, body) ?? { path: [], reason: 'malformed' };
    return malformed(`${pathText(['body', ...path])}: ${reason}`);
  }
  if (operation.kind === 'write' && isTooLong(demand, lineLength)) return tooLong;
  return { kind: 'operation', operation, demand };
}

/** Whether a command is too long for the log. Only one from a line so long that it could be is measured. */
function isTooLong(command: Json, lineLength: number): boolean {
  if (lineLength * maxGrowth <= maxCommandBytes) return false;
  return Buffer.byteLength(JSON.stringify(command)) > maxCommandBytes;
}

const tooLong = malformed(`body: a command longer than ${maxCommandBytes} bytes`);

function malformed(text: string): ClientAsks {
  return refused({ kind: 'malformed', text });
}

function refused(why: RefusedAtDoor): ClientAsks {
  return { kind: 'refused', why };
}
