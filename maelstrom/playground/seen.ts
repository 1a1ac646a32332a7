import type { Entry, MemoryContents } from '../../src/index.ts';
import { entriesWords } from './words.ts';

/** What is seen of a node from outside. */
export interface Seen {
  readonly role: string;
  readonly term: number;
  readonly leader: string | null;
  readonly commitIndex: number;
  readonly lastApplied: number;
  /** What the snapshot on its disk covers; 0 where there is none. */
  readonly snapshotIndex: number;
  readonly firstIndex: number;
  readonly lastIndex: number;
  readonly entries: readonly Entry[];
}

const nothingSeen: Seen = {
  role: 'follower',
  term: 0,
  leader: null,
  commitIndex: 0,
  lastApplied: 0,
  snapshotIndex: 0,
  firstIndex: 1,
  lastIndex: 0,
  entries: [],
};

/** What a node is on the disk that it starts on, before it has said a word. */
export function seenOnDisk(contents: MemoryContents | undefined): Seen {
  const term = contents?.hardState.term ?? 0;
  const snapshotIndex = contents?.snapshot?.lastIncludedIndex ?? 0;
  const entries = contents?.entries ?? [];
  const firstIndex = entries[0]?.index ?? snapshotIndex + 1;
  const reached = { commitIndex: snapshotIndex, lastApplied: snapshotIndex, snapshotIndex };
  return { ...nothingSeen, ...reached, term, firstIndex, lastIndex: firstIndex - 1 + entries.length, entries };
}

/** What has become of a node, each a clause that follows its name. */
export function changesBetween(before: Seen, now: Seen): readonly string[] {
  const changes = [...roleChange(before, now), ...logChanges(before, now)];
  if (now.commitIndex !== before.commitIndex) changes.push(`commits up to ${now.commitIndex}`);
  if (now.lastApplied !== before.lastApplied) {
    const applied = now.entries.filter(({ index }) => index > before.lastApplied && index <= now.lastApplied);
    changes.push(applied.length > 0 ? `applies ${entriesWords(applied)}` : `is at ${now.lastApplied} by a snapshot`);
  }
  const { snapshotIndex } = now;
  if (snapshotIndex !== before.snapshotIndex) changes.push(`has a snapshot up to ${snapshotIndex} on its disk`);
  return changes;
}

function roleChange(before: Seen, now: Seen): readonly string[] {
  if (before.role === now.role && before.term === now.term && before.leader === now.leader) return [];
  return [`is ${roleWords(now)}`];
}

/** `follower of n1 in term 2`. */
export function roleWords({ role, term, leader }: Pick<Seen, 'role' | 'term' | 'leader'>): string {
  return role === 'follower' && leader !== null ? `follower of ${leader} in term ${term}` : `${role} in term ${term}`;
}

function logChanges(before: Seen, now: Seen): string[] {
  const has = (entries: readonly Entry[], entry: Entry): boolean =>
    entries.some(({ index, term }) => index === entry.index && term === entry.term);
  const hasBegunAnew = now.firstIndex > before.firstIndex;
  // A leader's snapshot has taken the place of the log; one of the node's own covers only what was in it.
  const isReplaced = hasBegunAnew && now.commitIndex > before.lastIndex && now.lastApplied > before.commitIndex;
  const gone = before.entries.filter((entry) => !has(now.entries, entry));
  const dropped = isReplaced ? gone : gone.filter(({ index }) => index >= now.firstIndex);
  const added = now.entries.filter((entry) => !has(before.entries, entry));
  return [
    ...(dropped.length > 0 ? [`drops ${entriesWords(dropped)}`] : []),
    ...(hasBegunAnew && !isReplaced ? [`has compacted its log up to ${now.firstIndex - 1}`] : []),
    ...(added.length > 0 ? [`appends ${entriesWords(added)}`] : []),
  ];
}
