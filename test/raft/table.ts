import { assert } from '../../src/raft/assert.ts';
import type { NodeId } from '../../src/raft/messages.ts';
import type { Outgoing } from '../../src/raft/ready.ts';
import { TestCore } from './driver.ts';
import type { CoreOptions, SentRequest } from './driver.ts';

/** Something on its way. A reply still knows the request that it answers. */
interface Letter {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly content: Outgoing;
  readonly answers: SentRequest | undefined;
}

/** More rounds than any test needs: cores that go on longer talk for ever. */
const maxRounds = 100;

/** Several cores around one table, passing letters by hand and at once. Those who are cut off get and send none. */
export class Table {
  readonly cores: ReadonlyMap<NodeId, TestCore>;
  cutOff: readonly NodeId[] = [];
  readonly #tickets = new Map<NodeId, Map<number, SentRequest>>();
  #letters: Letter[] = [];

  constructor(cores: readonly TestCore[]) {
    this.cores = new Map(cores.map((core) => [core.nodeId, core]));
  }

  core(nodeId: NodeId): TestCore {
    const core = this.cores.get(nodeId);
    assert(core !== undefined, `${nodeId} sits at the table`);
    return core;
  }

  /** Everyone takes a turn at that time, and letters are passed until nobody has any. */
  settleAt(nowMs: number): void {
    for (const core of this.cores.values()) core.nowMs = nowMs;
    for (const core of this.cores.values()) this.#turn(core);
    for (let round = 0; this.#letters.length > 0; round += 1) {
      assert(round < maxRounds, 'the cores fall silent');
      const letters = this.#letters;
      this.#letters = [];
      for (const letter of letters) this.#deliver(letter);
    }
  }

  #turn(core: TestCore): void {
    const from = core.nodeId;
    for (const content of core.turn()) {
      assert(content.kind !== 'snapshot-chunk', 'no log at the table is ever compacted');
      const answers = content.kind === 'request' ? undefined : this.#tickets.get(from)?.get(content.ticket);
      this.#letters.push({ from, to: content.to, content, answers });
    }
  }

  #deliver({ from, to, content, answers }: Letter): void {
    const receiver = this.cores.get(to);
    if (receiver === undefined || this.cutOff.includes(from) || this.cutOff.includes(to)) return;
    if (content.kind === 'request') {
      const ticket = receiver.receive(from, content.message);
      const tickets = this.#tickets.get(to) ?? new Map<number, SentRequest>();
      this.#tickets.set(to, tickets.set(ticket, content));
    } else if (content.kind === 'reply' && answers !== undefined) {
      receiver.answer(answers, content.message);
    }
    this.#turn(receiver);
  }
}

/** Fresh nodes, one for each name. */
export function freshTable(voters: readonly NodeId[], options: CoreOptions = {}): Table {
  return new Table(voters.map((nodeId) => new TestCore({ ...options, nodeId, voters })));
}
