/**
 * Reads the requests of clients: which request a message is, which command or query it becomes, or why it is refused.
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

/** A client's request, after it has been read. */
export type ClientAsks =
  /** A request that every node takes. */
  | { readonly kind: 'request'; readonly body: ClientRequest }
  /** An operation of the service, with the command or query that it becomes. */
  | { readonly kind: 'operation'; readonly operation: Operation; readonly demand: Json }
  | { readonly kind: 'refused'; readonly why: RefusedAtDoor };

type RefusedAtDoor = Extract<Refusal, { kind: 'malformed' | 'unknown-operation' }>;

/**
 * The most bytes of UTF-8 that a command can take for each UTF-16 unit of the line that it came in. One unit is at most
 * 3 bytes. A number can grow more: `1e15`, of four units, becomes sixteen digits.
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

/** Whether a command is too long for the log. It is encoded for this only if its line is so long that it could be. */
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
