import type { Batch, Recovered } from '../../../src/index.ts';
import type { Head } from '../wire.ts';
import { Answers } from './answers.ts';
import { CommittedLog } from './committed-log.ts';
import { Disks } from './disks.ts';
import type { InFlight } from './disks.ts';
import { Elections } from './elections.ts';
import { LogTree } from './log-tree.ts';
import type { Place } from './log-tree.ts';
import { RunningNode } from './running-node.ts';
import type { Shared, View } from './running-node.ts';

export type ChecksOptions = Pick<Shared, 'tally' | 'onLeader' | 'onLeaderCommit' | 'note'>;

/**
 * The rules of Raft, watched while a cluster runs: whoever simulates one tells what happens, and gets a `Violation`
 * thrown where a rule is broken. All of it looks at a node only when something has happened to it, and only at what is
 * new there.
 */
export class Checks {
  readonly answers = new Answers();
  readonly #elections: Elections;
  readonly #committed: CommittedLog;
  readonly #disks: Disks;
  readonly #shared: Shared;
  /** The latest incarnation of each node. */
  readonly #nodes = new Map<string, RunningNode>();
  /** The log that the incarnation before had when it ended. */
  readonly #before = new Map<string, readonly Place[]>();
  readonly #speaking = new Set<RunningNode>();

  constructor(nodeIds: readonly string[], { tally, onLeader, onLeaderCommit, note }: ChecksOptions) {
    const tree = new LogTree();
    this.#elections = new Elections(nodeIds);
    this.#committed = new CommittedLog((nodeId, entry) => this.answers.committed(nodeId, entry));
    this.#disks = new Disks(nodeIds, tree, this.#committed);
    const leads = (nodeId: string, term: number): void => {
      tally.add('leaders elected');
      this.#elections.leads(nodeId, term);
      onLeader(nodeId, term);
    };
    this.#shared = { tree, committed: this.#committed, tally, onLeader: leads, onLeaderCommit, note };
  }

  /** How much is committed, by what any node has shown. */
  get committedIndex(): number {
    return this.#committed.lastIndex;
  }

  /** A new incarnation begins; it knows nothing yet. */
  starts(nodeId: string): void {
    this.#before.set(nodeId, this.#nodes.get(nodeId)?.log ?? []);
    this.#nodes.set(nodeId, new RunningNode(nodeId, this.#shared));
  }

  /** It finds `recovered` on its disk. */
  recovers(nodeId: string, recovered: Recovered | undefined): InFlight {
    const inFlight = this.#disks.recovers(nodeId, recovered);
    this.#elections.recovers(nodeId, recovered);
    // Whoever has lost all that it had, and had told nobody, has never been: it may lead term 1 once more.
    if (recovered === undefined) this.#shared.tree.forget(this.#before.get(nodeId) ?? []);
    return inFlight;
  }

  /** Its storage has begun to write. */
  writes(nodeId: string, batch: Batch): void {
    this.#disks.writes(nodeId, batch);
  }

  /** Its storage reports what it was writing as persisted. */
  persisted(nodeId: string): void {
    this.#disks.persisted(nodeId);
  }

  /** Something may have happened to the node. */
  look(nodeId: string, view: View): void {
    const node = this.#node(nodeId);
    const committedBefore = this.#committed.lastIndex;
    node.look(view);
    if (this.#committed.lastIndex === committedBefore) return;
    this.#disks.checkMajority(nodeId);
    for (const [otherId, { status, log }] of this.#nodes) {
      if (status.role === 'leader') {
        this.#committed.checkLeader(otherId, status.term, log, committedBefore + 1);
      }
    }
  }

  /** Its state machine has applied the entry at `index`, and `state` is what came of it. */
  applied(nodeId: string, index: number, state: string): void {
    this.#committed.applied(nodeId, index, state);
  }

  /** It sends a line to another node. */
  tells(nodeId: string, view: View | undefined, head: Head, line: string): void {
    const node = this.#node(nodeId);
    if (view !== undefined && !this.#speaking.has(node)) {
      this.#speaking.add(node);
      this.#elections.speaks(nodeId, view.bootCount);
    }
    this.#elections.tells(nodeId, head, line);
  }

  #node(nodeId: string): RunningNode {
    const node = this.#nodes.get(nodeId);
    if (node === undefined) throw new Error(`${nodeId} has not been started`);
    return node;
  }
}
