/**
 * The library: a Raft core without I/O, and the parts that make a replica of it. Whoever embeds it brings a transport
 * and a clock: hand in messages and time, end each turn, send what comes out.
 */
export { defaultRaftConfig } from './raft/config.ts';
export type { RaftConfig } from './raft/config.ts';
export type { Batch } from './raft/durability.ts';
export type { HardState } from './raft/hard-state.ts';
export type {
  AppendEntries,
  AppendEntriesAccepted,
  AppendEntriesRejected,
  Entry,
  InstallSnapshot,
  InstallSnapshotReply,
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
} from './raft/messages.ts';
export type { RaftOptions } from './raft/options.ts';
export type { Proposal, Proposed } from './raft/proposal.ts';
export { majority } from './raft/quorum.ts';
export { Raft } from './raft/raft.ts';
export { Random } from './raft/random.ts';
export type { InstalledSnapshot, Outgoing, Ready, SnapshotChunk } from './raft/ready.ts';
export type { RaftStatus } from './raft/role.ts';
export type { ReceivedSnapshot, SnapshotDescription, SnapshotReader } from './raft/snapshot.ts';
export { createMember } from './library/create-member.ts';
export { InDoubtError, RefusedError } from './library/errors.ts';
export type { WhyRefused } from './library/errors.ts';
export type { CreateMemberOptions, Transport } from './library/options.ts';
export type { RunningMember } from './library/running-member.ts';
export { identityFault } from './member/identity.ts';
export type { Identity } from './member/identity.ts';
export { Member } from './member/member.ts';
export type { MemberOptions } from './member/options.ts';
export type { ForwardedProposal, OutgoingForward, PeerMessage, PeerReply, PeerRequest, Propose, Sent } from './member/messages.ts';
export type { Outcome, Refusal, Told } from './member/outcome.ts';
export type { MemberStatus } from './member/status.ts';
export type { Effect, Turn } from './member/turn.ts';
export { defaultSnapshotPolicy } from './member/snapshots.ts';
export type { SnapshotPolicy } from './member/snapshots.ts';
export type { Capture, Restoration, StateMachine } from './services/state-machine.ts';
export type { Json, JsonObject } from './services/json.ts';
export { counter } from './services/counter/service.ts';
export { kv } from './services/kv/service.ts';
export { KeyValueStore } from './services/kv/store.ts';
export type { Operation, Result, Service } from './services/service.ts';
export { DiskStorage } from './storage/disk-storage.ts';
export type { DiskStorageOptions } from './storage/disk-storage.ts';
export { MemoryStorage } from './storage/memory-storage.ts';
export type { MemoryContents } from './storage/memory-storage.ts';
export type { Completion, Done, FileSystem, OpenFile, ReadableFile } from './storage/file-system.ts';
export { realFileSystem } from './storage/real-file-system.ts';
export type { Recovered, SnapshotWriter, Storage, StoredSnapshot } from './storage/storage.ts';
