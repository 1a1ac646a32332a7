import type { Batch, Recovered, Storage } from '../../../src/index.ts';
import { readHead } from '../world/wire.ts';
import type { Head } from '../world/wire.ts';
import { Answers } from './answers.ts';
import type { Known } from './answers.ts';
import { Candidacies } from './candidacies.ts';
import { CommittedLog } from './committed-log.ts';
import { Disks } from './disks.ts';
import type { InFlight } from './disks.ts';
import { Elections } from './elections.ts';
import { LogTree } from './log-tree.ts';
import { RunningNode } from './running-node.ts';
import type { Shared, View } from './running-node.ts';
import { States } from './states.ts';
import type { StateChange } from './watched.ts';
import { isVote } from './wire.ts';

export interface ChecksOptions extends Pick<Shared, 'tally' | 'onLeader' | 'onLeaderCommit' | 'note'> {
  readonly electionTimeoutMs: number;
  /** The number of the operation that a command carries out; undefined where it carries none. */
  readonly operationOf: (command: unknown) => number | undefined;
}

/**
 * The rules of Raft, watched while a cluster runs: the simulation tells what happens, and gets a `Violation`
 * thrown where a rule is broken. All of it looks at a node only when something has happened to it, and only at what is
 * new there.
 */
export class Checks {
  readonly answers: Answers;
  readonly #states = new States();
  readonly #elections: Elections;
  readonly #committed: CommittedLog;
  readonly #disks: Disks;
  readonly #shared: Shared;
  /** The latest incarnation of each node. */
  readonly #nodes = new Map<string, RunningNode>();
  readonly #candidacies: Candidacies;
  /** Who leads term 1. */
  readonly #firstNodeId: string | undefined;
  readonly #speaking = new Set<RunningNode>();

  constructor(nodeIds: readonly string[], options: ChecksOptions) {
    const { electionTimeoutMs, tally, onLeader, onLeaderCommit, note } = options;
    this.answers = new Answers(options.operationOf);
    const tree = new LogTree();
    this.#firstNodeId = nodeIds[0];
    this.#elections = new Elections(nodeIds);
    this.#candidacies = new Candidacies(electionTimeoutMs);
    this.#committed = new CommittedLog((nodeId, entry) => this.answers.committed(nodeId, entry));
    this.#disks = new Disks(nodeIds, tree, this.#committed, tally);
    const leads = (nodeId: string, term: number): void => {
      tally.add('leaders elected');
      const others = [...this.#nodes].filter(([otherId, { status }]) => otherId !== nodeId && status.role === 'leader');
      if (others.length > 0) tally.add('two leaders at once');
      this.#elections.leads(nodeId, term);
      onLeader(nodeId, term);
    };
    this.#shared = { tree, committed: this.#committed, tally, onLeader: leads, onLeaderCommit, note };
  }

  /** How much is committed, by what any node has shown. */
  get committedIndex(): number {
    return this.#committed.lastIndex;
  }

  /** What a read that is asked now must see. */
  get known(): Known {
    return { committedIndex: this.committedIndex, ledTerm: this.#elections.ledTerm };
  }

  /** A new incarnation begins; it knows nothing yet. */
  starts(nodeId: string): void {
    this.#nodes.set(nodeId, new RunningNode(nodeId, this.#shared));
  }

  /** It finds `recovered` on its disk, at a time by its own clock. */
  recovers(nodeId: string, recovered: Recovered | undefined, nowMs: number): InFlight {
    this.#candidacies.starts(nodeId, recovered !== undefined, nowMs);
    const inFlight = this.#disks.recovers(nodeId, recovered);
    this.#elections.recovers(nodeId, recovered);
    // A node that has lost all that it had, and had told none of it, begins anew: it may lead term 1 once more.
    if (recovered === undefined && nodeId === this.#firstNodeId) this.#shared.tree.forgetTerm(1);
    return inFlight;
  }

  /** Its storage has begun to write. */
  writes(nodeId: string, batch: Batch): void {
    this.#disks.writes(nodeId, batch);
  }

  /** Its storage has come further. */
  progressed(nodeId: string, { persistedBatch, snapshot }: Pick<Storage, 'persistedBatch' | 'snapshot'>): void {
    this.#disks.progressed(nodeId, persistedBatch, snapshot?.description);
  }

  /** Something may have happened to the node at a time by its own clock; it has taken `line` then, if that is given. */
  look(nodeId: string, view: View, nowMs: number, line?: string): void {
    const node = this.#node(nodeId);
    const { status: before, logEnd } = node;
    const committedBefore = this.#committed.lastIndex;
    node.look(view);
    const { status } = node;
    if (status.role === 'leader') {
      if (before.role !== 'leader' || before.term !== status.term) {
        this.#candidacies.leads(nodeId, nowMs);
        this.#elections.isElected(nodeId, status.term, view.members);
      }
      this.#disks.checkMatchIndexes(nodeId, status.term, node.log, view.matchIndexes);
    }
    const head = line === undefined ? undefined : readHead(line);
    if (line !== undefined && head !== undefined) {
      this.#candidacies.took(nodeId, { head, line, nowMs }, before, status, logEnd);
    }
    if (this.#committed.lastIndex === committedBefore) return;
    // A leader that has removed itself leads no longer once that is committed.
    const hasCounted = status.role === 'leader' || (before.role === 'leader' && before.term === status.term);
    if (hasCounted) this.#disks.counted(view.members);
    this.#disks.checkMajority(nodeId);
    for (const [otherId, { status, log }] of this.#nodes) {
      if (status.role === 'leader') {
        this.#committed.checkLeader(otherId, status.term, log, committedBefore + 1);
      }
    }
  }

  /** What has happened to its state machine, up to the entry that the node has applied last. */
  stateChanged(nodeId: string, changes: readonly StateChange[]): void {
    if (changes.length > 0) this.#states.changed(nodeId, changes, this.#node(nodeId).status.lastApplied);
  }

  /** It sends a line to another node. */
  tells(nodeId: string, view: View | undefined, head: Head, line: string): void {
    const node = this.#node(nodeId);
    if (view !== undefined && !this.#speaking.has(node)) {
      this.#speaking.add(node);
      this.#elections.speaks(nodeId, view.bootCount);
    }
    this.#elections.tells(nodeId, head, line);
    if (isVote(head, line)) this.#candidacies.grants(nodeId, head.dest, line);
  }

  #node(nodeId: string): RunningNode {
    const node = this.#nodes.get(nodeId);
    if (node === undefined) throw new Error(`${nodeId} has not been started`);
    return node;
  }
}
