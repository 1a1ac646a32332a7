import type { Leadership } from './leadership.ts';
import type { LocalReads } from './local-reads.ts';
import type { NodeId } from './messages.ts';
import type { Outbox } from './outbox.ts';
import type { ConfirmedRead } from './reads.ts';
import type { Role } from './role.ts';

/**
 * One turn of ReadIndex at a leader (Ongaro's thesis, section 6.4): all reads that have arrived since the last turn
 * share a round, and those that are confirmed by now go back to who asked. With a lease all of them are.
 *
 * @param nowMs read after the reads had arrived: a process that stood still in between has no lease any more
 */
export function confirmReads(
  leadership: Leadership,
  commitIndex: number,
  nowMs: number,
  local: LocalReads,
  outbox: Outbox,
): void {
  if (leadership.reads.size === 0) return;
  const readableIndex = leadership.readableIndex(commitIndex);
  if (readableIndex !== undefined && leadership.hasLease(nowMs)) {
    const all = leadership.reads.takeAll();
    return giveBack(all.map((read) => ({ read, index: readableIndex })), leadership, local, outbox);
  }
  // Rounds that are confirmed make room for the next, which the followers that ask may confirm at once.
  giveBack(leadership.takeConfirmedReads(readableIndex), leadership, local, outbox);
  leadership.reads.openRound(outbox.nextNumber, readableIndex);
  return giveBack(leadership.takeConfirmedReads(readableIndex), leadership, local, outbox);
}

function giveBack(confirmed: readonly ConfirmedRead[], leadership: Leadership, local: LocalReads, outbox: Outbox): void {
  for (const { read, index } of confirmed) {
    if (read.from === 'here') {
      local.confirmed([read.id], index);
    } else {
      // The follower serves its client once it knows that much to be committed.
      leadership.progressOf(read.follower)?.awaitCommit(index);
      outbox.reply(read.follower, read.ticket, { type: 'read_index_ok', term: leadership.term, index });
    }
  }
}

/** This turn's reads of this node's own clients go to the leader: into its own next round, or in one `read_index`. */
export function askForReads(
  role: Role,
  leader: NodeId | null,
  term: number,
  nowMs: number,
  local: LocalReads,
  outbox: Outbox,
): void {
  if (!local.hasWaiting || leader === null) return;
  const ids = local.takeWaiting();
  if (role.name === 'leader') {
    for (const id of ids) role.leadership.reads.add({ from: 'here', id });
  } else {
    local.asked(outbox.request(leader, { type: 'read_index', term }, term), ids, nowMs);
  }
}

/** A follower's `read_index` waits for the next round; asking is a sign of life. */
export function takeReadIndex(leadership: Leadership, from: NodeId, ticket: number, nowMs: number, outbox: Outbox): void {
  if (!leadership.admitsRead) return outbox.refuse(from, ticket, 'too many reads are waiting');
  leadership.progressOf(from)?.heard(nowMs);
  return leadership.reads.add({ from: 'follower', follower: from, ticket });
}

/** A leader that is replaced can confirm nothing any more. Its own clients' reads go to the next one. */
export function giveUpReads(leadership: Leadership, local: LocalReads, outbox: Outbox): void {
  for (const read of leadership.reads.takeAll()) {
    if (read.from === 'here') local.add([read.id]);
    else outbox.refuse(read.follower, read.ticket, `no longer the leader of term ${leadership.term}`);
  }
}
