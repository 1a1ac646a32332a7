import type { Random } from '../../src/index.ts';
import { isJson } from '../../src/services/json.ts';
import type { Json } from '../../src/services/json.ts';
import { errorCode, isDefinite } from '../../src/wire/errors.ts';
import type { Body, Message } from '../cluster/cluster.ts';
import type { OperationEvent } from '../history/history.ts';
import type { Unstamped } from '../history/recorder.ts';
import type { Known } from './checks/answers.ts';
import type { Checks } from './checks/checks.ts';
import { Violation } from './checks/violation.ts';
import type { Plan } from './plan/plan.ts';
import type { Tally } from './record/tally.ts';
import type { Asked, Load, PlayedService } from './services/played-service.ts';
import type { WatchedMachine } from './watched-machine.ts';
import { chance, exponential, pick, pickAny, stream } from './world/draw.ts';
import type { VirtualTime } from './world/virtual-time.ts';

export interface ClientsOptions {
  readonly plan: Plan;
  readonly service: PlayedService;
  readonly time: VirtualTime;
  readonly machines: readonly WatchedMachine[];
  readonly tally: Tally;
  readonly checks: Checks;
  readonly record: (event: Unstamped<OperationEvent>) => void;
}

/** An operation that a client has begun. */
interface Operation extends Asked {
  readonly number: number;
  readonly client: Client;
  readonly process: number;
  /** What was known when it was asked: a read must see that. */
  readonly known: Known;
  /** Whether the history knows how it ended. */
  isOver: boolean;
}

interface Client {
  readonly name: string;
  /** Half of them read nearly always: a reader that waits for a write of its own sees nothing. */
  readonly isReader: boolean;
  /** Whether it asks only when a leader is elected: those who lead still, or believe so. */
  readonly isWitness: boolean;
  /** Its process in the history; another one after each operation whose outcome it does not know. */
  process: number;
  /** The node that it asked last. */
  machine: WatchedMachine | undefined;
  current: Operation | undefined;
}

/** How long a message takes between a client and a node, on average. */
const meanDelayMs = 1;

/**
 * Clients of any service: they ask what its load draws, wait for so long and no longer, and go to another node now and
 * then. What they see goes to the history, what they are promised to the checks.
 */
export class Clients {
  readonly #options: ClientsOptions;
  readonly #random: Random;
  readonly #clients: readonly Client[];
  readonly #witness: Client | undefined;
  readonly #load: Load;
  readonly #operations = new Map<number, Operation>();
  #isStopped = false;
  #lastNumber = 0;
  #nextProcess: number;

  constructor(options: ClientsOptions) {
    const { plan } = options;
    this.#options = options;
    const nothing = { machine: undefined, current: undefined };
    this.#random = stream(plan.seed, 'operations');
    this.#load = options.service.newLoad({ keys: plan.keys, random: this.#random });
    this.#clients = Array.from({ length: plan.clients }, (_, process) => {
      return { name: `c${process + 1}`, isReader: process % 2 === 1, isWitness: false, process, ...nothing };
    });
    const witness = { name: `c${plan.clients + 1}`, isReader: true, isWitness: true, process: plan.clients, ...nothing };
    this.#witness = plan.clients === 0 ? undefined : witness;
    this.#nextProcess = plan.clients + 1;
  }

  start(): void {
    for (const client of this.#clients) this.#think(client);
  }

  /** A node that still leads, or believes so, is asked at once what it knows. */
  leaderElected(elected: WatchedMachine): void {
    const witness = this.#witness;
    if (witness === undefined || this.#isStopped || witness.current?.isOver === false) return;
    const leaders = this.#options.machines.filter(({ isLeader }) => isLeader);
    const replaced = pickAny(this.#random, leaders.filter((machine) => machine !== elected));
    if (replaced !== undefined) this.#begin(witness, replaced);
  }

  /** They begin nothing any more. */
  stop(): void {
    this.#isStopped = true;
  }

  /** A node's answer to a client: it may come late, when the client waits for it no longer. */
  receive({ src, body }: Message): void {
    const operation = this.#operations.get(body.in_reply_to ?? 0);
    if (operation === undefined) return;
    const code = body.type === 'error' ? Number(body['code']) : undefined;
    this.#check(src, operation, body, code);
    if (operation.isOver) return;
    if (code === undefined) this.#succeeded(operation, body);
    else if (code === errorCode.keyDoesNotExist && operation.kind === 'read') this.#saw(operation, null);
    else this.#failed(operation, code);
  }

  #think(client: Client): void {
    const { time, plan } = this.#options;
    if (client.isWitness) return;
    time.after(exponential(this.#random, plan.thinkMs), () => {
      if (!this.#isStopped) this.#begin(client, this.#chooseMachine(client));
    });
  }

  #begin(client: Client, machine: WatchedMachine): void {
    const { time, plan, tally, record } = this.#options;
    const operation = this.#newOperation(client);
    client.machine = machine;
    client.current = operation;
    this.#operations.set(operation.number, operation);
    record({ process: operation.process, type: 'invoke', ...operation.call });
    const message = { src: client.name, dest: machine.nodeId, body: { ...operation.request, msg_id: operation.number } };
    time.after(exponential(this.#random, meanDelayMs), () => machine.deliver(JSON.stringify(message)));
    time.after(plan.patienceMs * (1 + this.#random.fraction()), () => {
      if (operation.isOver) return;
      tally.add('clients gave up');
      this.#end(operation, operation.kind === 'read' ? 'fail' : 'info');
    });
  }

  /** Often the same one, often one that takes itself for the leader, and rarely one that is known to be down. */
  #chooseMachine({ machine }: Client): WatchedMachine {
    if (machine?.isUp === true && chance(this.#random, 1 / 2)) return machine;
    const { machines } = this.#options;
    const leaders = machines.filter(({ isLeader }) => isLeader);
    const up = machines.filter(({ isUp }) => isUp);
    const from = pick(this.#random, [leaders, leaders, up, up, machines]);
    const chosen = pickAny(this.#random, from) ?? pickAny(this.#random, machines);
    if (chosen === undefined) throw new Error('a cluster needs a machine');
    return chosen;
  }

  #newOperation(client: Client): Operation {
    this.#lastNumber += 1;
    const number = this.#lastNumber;
    const asker = client.isWitness ? 'witness' : client.isReader ? 'reader' : 'writer';
    const { known } = this.#options.checks;
    return { ...this.#load.draw(number, asker), number, client, process: client.process, known, isOver: false };
  }

  /** What an answer promises holds whether or not its client still waits for it. */
  #check(src: string, { number, kind, known }: Operation, body: Body, code: number | undefined): void {
    const { tally, checks, machines } = this.#options;
    if (code === 11) tally.add('answers 11');
    if (code === 13) tally.add('answers 13');
    if (code === 14) tally.add('answers 14');
    // What is told of the state: of a condition that was not met, the entry is in the log all the same.
    const isOfState = code === undefined || code === errorCode.keyDoesNotExist || code === errorCode.preconditionFailed;
    if (kind === 'read') {
      const status = machines.find(({ nodeId }) => nodeId === src)?.view?.status;
      if (isOfState && status !== undefined) checks.answers.read(src, number, known, status);
    } else if (kind !== 'unnumbered') {
      if (isOfState && kind !== 'append') checks.answers.carriedOut(src, number);
      if (!isOfState && isDefinite(code)) checks.answers.refused(src, number, JSON.stringify(body));
    }
  }

  #succeeded(operation: Operation, body: Body): void {
    const { request, kind, call, leaves } = operation;
    if (body.type !== `${request.type}_ok`) {
      throw new Violation('linearizability', undefined, `a ${request.type} is answered with ${JSON.stringify(body)}`);
    }
    if (kind === 'read') {
      const value = body['value'];
      this.#saw(operation, isJson(value) ? value : null);
    } else if (kind === 'append') {
      // It is in a log. What becomes of it is not told.
      this.#end(operation, 'info');
    } else {
      this.#load.saw(call, leaves);
      this.#end(operation, 'ok');
    }
  }

  #failed(operation: Operation, code: number): void {
    this.#end(operation, operation.kind === 'read' || isDefinite(code) ? 'fail' : 'info');
  }

  #saw(operation: Operation, value: Json): void {
    this.#load.saw(operation.call, value);
    this.#end({ ...operation, call: { ...operation.call, value } }, 'ok');
    operation.isOver = true;
  }

  #end(operation: Operation, type: 'ok' | 'fail' | 'info'): void {
    const { tally, record } = this.#options;
    const { client, process, call } = operation;
    operation.isOver = true;
    tally.add(type === 'ok' ? 'operations ok' : type === 'fail' ? 'operations failed' : 'operations in doubt');
    record({ process, type, ...call });
    if (type === 'info') {
      client.process = this.#nextProcess;
      this.#nextProcess += 1;
    }
    this.#think(client);
  }
}
