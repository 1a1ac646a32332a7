/**
 * The library, at three heights:
 *
 * - `createMember`: a member of a cluster in your process. You bring a state machine and a transport; time, the disk and
 *   who leads are seen to. Begin here.
 * - `Member`: the same without promises and timers, for an edge of your own, or for a simulation. Requests, messages and
 *   time go in as calls; after each `turn` what is to be sent and told comes out as values. A fresh cluster needs no
 *   bootstrapping: the first voter leads term 1 from its first request on, or after a heartbeat.
 * - `Raft`: the core alone. It persists nothing: each message that comes out names the batch (`afterBatch`) that must be on
 *   the disk before it is sent, and the caller says when a batch is there (`persisted`).
 */
export { createMember } from './library/create-member.ts';
export { InDoubtError, RefusedError } from './library/errors.ts';
export type { WhyRefused } from './library/errors.ts';
export type { CreateMemberOptions, RunningMember, Transport } from './library/options.ts';

// Members.
export { identityFault } from './member/identity.ts';
export type { Identity } from './member/identity.ts';
export { Member } from './member/member.ts';
export type {
  ForwardedProposal,
  ForwardRefused,
  OutgoingForward,
  PeerMessage,
  PeerReply,
  PeerRequest,
  Propose,
  Refused,
  Sent,
} from './member/messages.ts';
export type { MemberOptions } from './member/options.ts';
export type { Outcome, Refusal, Told } from './member/outcome.ts';
export { defaultSnapshotPolicy } from './member/snapshots.ts';
export type { SnapshotPolicy } from './member/snapshots.ts';
export type { MemberStatus } from './member/status.ts';
export type { Effect, Turn } from './member/turn.ts';

// Services, and state machines of any kind.
export { counter } from './services/counter/service.ts';
export type { Fault, Json, JsonObject, PathStep } from './services/json.ts';
export { kv } from './services/kv/service.ts';
export { KeyValueStore } from './services/kv/store.ts';
export type { Body, Field, FieldTable, Operation, Result, Service } from './services/service.ts';
export type { Capture, Restoration, StateMachine } from './services/state-machine.ts';

// What must survive a crash.
export { DiskStorage } from './storage/disk-storage.ts';
export type { DiskStorageOptions } from './storage/disk-storage.ts';
export type { Completion, Done, FileSystem, OpenFile, ReadableFile } from './storage/file-system.ts';
export { MemoryStorage } from './storage/memory-storage.ts';
export type { MemoryContents } from './storage/memory-storage.ts';
export { realFileSystem } from './storage/real-file-system.ts';
export type { Recovered, SnapshotWriter, Storage, StoredSnapshot } from './storage/storage.ts';

// The core.
export { defaultRaftConfig } from './raft/config.ts';
export type { RaftConfig } from './raft/config.ts';
export { Configuration } from './raft/configuration.ts';
export type { Batch } from './raft/durability.ts';
export type { HardState } from './raft/hard-state.ts';
export type {
  AppendEntries,
  AppendEntriesAccepted,
  AppendEntriesRejected,
  AppendEntriesReply,
  CommandEntry,
  ConfigurationEntry,
  Entry,
  InstallSnapshot,
  InstallSnapshotReply,
  Members,
  NodeId,
  Origin,
  PreVote,
  PreVoteReply,
  RaftReply,
  RaftRequest,
  ReadIndex,
  ReadIndexReply,
  RequestVote,
  RequestVoteReply,
  ShowsFounders,
  TimeoutNow,
} from './raft/messages.ts';
export type { RaftOptions } from './raft/options.ts';
export type { Proposal, Proposed } from './raft/proposal.ts';
export { majority } from './raft/quorum.ts';
export type { Quorum } from './raft/quorum.ts';
export { Raft } from './raft/raft.ts';
export { Random } from './raft/random.ts';
export type {
  Committed,
  InstalledSnapshot,
  Outgoing,
  OutgoingAddressed,
  OutgoingChunk,
  OutgoingNumbered,
  OutgoingRefusal,
  OutgoingReply,
  OutgoingRequest,
  Ready,
  SnapshotChunk,
} from './raft/ready.ts';
export type { ChangeOutcome, ChangeRefusal } from './raft/reconfiguration.ts';
export type { RaftStatus } from './raft/role.ts';
export type { ReceivedSnapshot, SnapshotDescription, SnapshotReader } from './raft/snapshot.ts';
export type { TransferOutcome, TransferRefusal } from './raft/transfer.ts';
