import { canonical } from '../../src/services/json.ts';
import type { Json } from '../../src/services/json.ts';
import type { Random } from '../../src/index.ts';
import { bytesOf, perform, readKvRequest, storeIsFull } from './kv-request.ts';
import { maxStoreBytes } from './service.ts';
import type { Service, ServiceReply } from './service.ts';

/** As Maelstrom's documentation has it. */
const replicaCount = 5;
/** A replica's clock is ahead by less than this, in requests. */
const maxSkew = 32;
/** How many updates a replica may lag behind. */
const maxLag = 1024;

interface Update {
  readonly key: string;
  readonly value: Json;
  /** What the clock of the replica showed that took it; of equal ones the replica with the higher number wins. */
  readonly timestamp: number;
  readonly replica: number;
  readonly bytes: number;
}

interface Replica {
  readonly number: number;
  readonly values: Map<string, Update>;
  readonly skew: number;
  /** How many updates of all replicas it has heard of; its own count when their turn comes. */
  heard: number;
  bytes: number;
}

/**
 * A store of five replicas, each of which answers on its own; the last write wins. It promises next to nothing. Every
 * request goes to a replica drawn at random, and with every request one replica, drawn at random, hears of all updates
 * so far. Clocks count requests, and each is ahead by a constant: a write that is taken by a replica whose clock is
 * behind, after one taken by a replica whose clock is ahead, is acknowledged and lost. When nothing is written any
 * more, all replicas come to hold the same.
 */
export class LwwKv implements Service {
  readonly #random: Random;
  readonly #maxBytes: number;
  readonly #replicas: readonly Replica[];
  /** The updates that some replica has not heard of, in the order in which they were taken. */
  readonly #updates: Update[] = [];
  /** How many updates came before those. */
  #forgotten = 0;
  #updateBytes = 0;
  #requests = 0;

  constructor(random: Random, maxBytes = maxStoreBytes) {
    this.#random = random;
    this.#maxBytes = maxBytes;
    this.#replicas = Array.from({ length: replicaCount }, (_, number): Replica => {
      return { number, values: new Map(), skew: random.integer(maxSkew), heard: 0, bytes: 0 };
    });
  }

  handle(_client: string, body: Readonly<Record<string, unknown>>): ServiceReply {
    const understood = readKvRequest(body);
    if (understood.kind === 'refused') return understood.reply;
    const { request } = understood;
    this.#requests += 1;
    this.#catchUp(this.#drawReplica());
    const replica = this.#drawReplica();
    const key = canonical(request.key);
    const { reply, written } = perform(request, replica.values.get(key)?.value);
    if (written === undefined) return reply;
    const bytes = bytesOf(request.key, written);
    if (!this.#hasRoomFor(bytes)) return storeIsFull;
    this.#take(replica, { key, value: written, timestamp: this.#requests + replica.skew, replica: replica.number, bytes });
    return reply;
  }

  #drawReplica(): Replica {
    const replica = this.#replicas[this.#random.integer(replicaCount)];
    if (replica === undefined) throw new Error('assertion: a number below the count of replicas was drawn');
    return replica;
  }

  #take(replica: Replica, update: Update): void {
    keepLater(replica, update);
    this.#updates.push(update);
    this.#updateBytes += update.bytes;
    if (this.#updates.length <= maxLag) return;
    for (const other of this.#replicas) {
      if (other.heard === this.#forgotten) this.#catchUp(other);
    }
  }

  #catchUp(replica: Replica): void {
    for (const update of this.#updates.slice(replica.heard - this.#forgotten)) keepLater(replica, update);
    replica.heard = this.#forgotten + this.#updates.length;
    const heardByAll = Math.min(...this.#replicas.map(({ heard }) => heard)) - this.#forgotten;
    for (const { bytes } of this.#updates.splice(0, heardByAll)) this.#updateBytes -= bytes;
    this.#forgotten += heardByAll;
  }

  /** Where room is short, all replicas hear of all updates first: then none of those is kept for one that lags. */
  #hasRoomFor(bytes: number): boolean {
    if (this.#heaviest() + this.#updateBytes + bytes <= this.#maxBytes) return true;
    for (const replica of this.#replicas) this.#catchUp(replica);
    return this.#heaviest() + bytes <= this.#maxBytes;
  }

  #heaviest(): number {
    return Math.max(...this.#replicas.map(({ bytes }) => bytes));
  }
}

/** The last write wins, whenever the replica hears of it. */
function keepLater(replica: Replica, update: Update): void {
  const held = replica.values.get(update.key);
  if (held !== undefined && !isLater(update, held)) return;
  replica.values.set(update.key, update);
  replica.bytes += update.bytes - (held?.bytes ?? 0);
}

function isLater(update: Update, held: Update): boolean {
  return update.timestamp === held.timestamp ? update.replica > held.replica : update.timestamp > held.timestamp;
}
