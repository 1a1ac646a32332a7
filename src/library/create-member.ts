import type { Json } from '../services/json.ts';
import { maxNodeIdLength } from '../wire/limits.ts';
import { LibraryMember } from './library-member.ts';
import type { CreateMemberOptions, RunningMember } from './options.ts';

/**
 * Starts a member of a cluster in this process. It runs by itself, with timers, and uses the transport when it has
 * something to send.
 *
 * Rejects if the data directory belongs to another member, is in use, is damaged, or cannot be opened. Then nothing has
 * started.
 */
export async function createMember<Query extends Json, Result>(
  options: CreateMemberOptions<Query, Result>,
): Promise<RunningMember<Query, Result>> {
  const { id, voters, joins = false, dataDirectory } = options;
  if (joins && voters.includes(id)) throw new RangeError(`voters: ${id} joins, and is among the founders`);
  if (!joins && !voters.includes(id)) throw new RangeError(`voters: ${id} is not among them`);
  const unfit = [id, ...voters].find((name) => name === '' || name.length > maxNodeIdLength);
  if (unfit !== undefined) throw new RangeError(`voters: expected names of 1 to ${maxNodeIdLength} characters`);
  if (new Set(voters).size !== voters.length) throw new RangeError('voters: expected every member once');
  if (dataDirectory === undefined) return new LibraryMember(options, undefined);
  // Loaded only if there is a disk, because a process without one starts sooner.
  const { openDisk } = await import('../process/open-disk.ts');
  return new LibraryMember(options, openDisk);
}
