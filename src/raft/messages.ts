/**
 * What Raft nodes say to each other. Field names are those of the wire, so that a transcript, the code and the
 * paper can be read side by side; the schemas in `protocol/` describe the same shapes.
 */

/** A node's name, unique in its cluster: `n1`. */
export type NodeId = string;

/** Who asked for an entry: the node that took the client's request, and its own number for it, never used twice. */
export interface Origin {
  readonly node: NodeId;
  readonly id: number;
}

/**
 * Who takes part in the cluster. Voters decide; learners are sent the log and decide nothing. With `outgoing` it is a
 * joint configuration (Raft paper, section 6): a majority of these former voters has to agree too.
 */
export interface Members {
  readonly voters: readonly NodeId[];
  readonly learners: readonly NodeId[];
  readonly outgoing?: readonly NodeId[];
}

/**
 * What a node shows that is not one of the founders: who they were. Every node knows the founders of its cluster for
 * good. So one that has not heard yet of a later member can tell it from a stranger.
 */
export interface ShowsFounders {
  readonly founders?: readonly NodeId[];
}

/**
 * One place of the log (Raft paper, section 5.3). `index` starts at 1; terms never fall along the log. An entry looks in
 * memory as it does on the wire and on the disk: only a configuration says its kind there ({@link kindOf}).
 */
export type Entry = CommandEntry | ConfigurationEntry;

/** A client's command, or the no-op. */
export interface CommandEntry {
  readonly kind?: undefined;
  readonly term: number;
  readonly index: number;
  /** Opaque to the core; `null` is the no-op that a new leader appends. */
  readonly command: unknown;
  /** Absent where no client waits for the result: the no-op, and what came in by the raw door `raft_append`. */
  readonly origin?: Origin;
}

/** Changes who takes part, from the moment it is in the log (Ongaro's thesis, section 4.1). */
export interface ConfigurationEntry {
  readonly kind: 'configuration';
  readonly term: number;
  readonly index: number;
  readonly command: Members;
  readonly origin?: undefined;
}

export type EntryKind = 'noop' | 'command' | 'configuration';

export function kindOf(entry: Entry): EntryKind {
  return entry.kind ?? (entry.command === null ? 'noop' : 'command');
}

/** Replicates entries and, empty, serves as heartbeat (Raft paper, figure 2). */
export interface AppendEntries extends ShowsFounders {
  readonly type: 'append_entries';
  readonly term: number;
  readonly leader_id: NodeId;
  readonly prev_log_index: number;
  readonly prev_log_term: number;
  readonly entries: readonly Entry[];
  readonly leader_commit: number;
}

/** `match_index` is the last index that the answered request covered, never the last of the follower's log. */
export interface AppendEntriesAccepted {
  readonly type: 'append_entries_ok';
  readonly success: true;
  readonly match_index: number;
}

/**
 * Why a follower could not append. A missing entry gives `conflict_index` alone (one past its last); another term at
 * the place gives that term and where it begins in the follower's log; a stale term gives neither.
 */
export interface AppendEntriesRejected {
  readonly type: 'append_entries_ok';
  readonly success: false;
  readonly term: number;
  readonly conflict_index?: number;
  readonly conflict_term?: number;
}

/** Asks for a vote in `term`, which the candidate has taken up (Raft paper, section 5.2). */
export interface RequestVote extends ShowsFounders {
  readonly type: 'request_vote';
  readonly term: number;
  readonly candidate_id: NodeId;
  readonly last_log_index: number;
  readonly last_log_term: number;
  /** The leader that has ordered this campaign, so that its followers do not stand by it. */
  readonly transfer?: NodeId;
}

export interface RequestVoteReply {
  readonly type: 'request_vote_ok';
  readonly term: number;
  readonly vote_granted: boolean;
}

/** Asks whether a campaign for `term` would succeed; no node's term changes by it (Ongaro's thesis, section 9.6). */
export interface PreVote extends ShowsFounders {
  readonly type: 'pre_vote';
  readonly term: number;
  readonly candidate_id: NodeId;
  readonly last_log_index: number;
  readonly last_log_term: number;
}

/** A grant echoes the term asked for; a refusal carries the refuser's own. */
export interface PreVoteReply {
  readonly type: 'pre_vote_ok';
  readonly term: number;
  readonly vote_granted: boolean;
}

/** Asks the leader of `term` from which index on a read is linearizable (Ongaro's thesis, section 6.4). */
export interface ReadIndex extends ShowsFounders {
  readonly type: 'read_index';
  readonly term: number;
}

export interface ReadIndexReply {
  readonly type: 'read_index_ok';
  readonly term: number;
  readonly index: number;
}

/** One piece of a snapshot, for a follower whose next entry the leader no longer has (Raft paper, figure 13). */
export interface InstallSnapshot extends ShowsFounders {
  readonly type: 'install_snapshot';
  readonly term: number;
  readonly leader_id: NodeId;
  readonly last_included_index: number;
  readonly last_included_term: number;
  /** Where in the snapshot's text `data` begins; in bytes, as are all lengths here. The text is ASCII. */
  readonly offset: number;
  readonly data: string;
  readonly total_bytes: number;
  /** Of the whole text: it tells this snapshot from any other. */
  readonly checksum: string;
  readonly done: boolean;
}

/** `offset` is how much of the snapshot the follower has: what to send next, or `total_bytes` when it is installed. */
export interface InstallSnapshotReply {
  readonly type: 'install_snapshot_ok';
  readonly term: number;
  readonly offset: number;
}

/**
 * The leader of `term` tells `target` to campaign at once (Ongaro's thesis, section 3.10). It has no answer. In another
 * term it says nothing any more.
 */
export interface TimeoutNow extends ShowsFounders {
  readonly type: 'timeout_now';
  readonly term: number;
  readonly target: NodeId;
}

export type RaftRequest = AppendEntries | RequestVote | PreVote | ReadIndex | InstallSnapshot | TimeoutNow;
export type AppendEntriesReply = AppendEntriesAccepted | AppendEntriesRejected;
export type RaftReply = AppendEntriesReply | RequestVoteReply | PreVoteReply | ReadIndexReply | InstallSnapshotReply;
