import type { Json } from '../services/json.ts';
import { LibraryMember } from './library-member.ts';
import type { CreateMemberOptions, RunningMember } from './options.ts';

/**
 * Starts a member of a cluster in this process. It goes on by itself: it uses timers, and the transport whenever it has
 * something to say.
 *
 * Rejects where the data directory is another member's, in use, damaged, or cannot be opened. Nothing has started then.
 */
export async function createMember<Query extends Json, Result>(
  options: CreateMemberOptions<Query, Result>,
): Promise<RunningMember<Query, Result>> {
  const { id, voters, dataDirectory } = options;
  if (!voters.includes(id)) throw new RangeError(`voters: ${id} is not among them`);
  if (new Set(voters).size !== voters.length) throw new RangeError('voters: expected every member once');
  if (dataDirectory === undefined) return new LibraryMember(options, undefined);
  // Loaded only where there is a disk: a process starts sooner without it.
  const { openDisk } = await import('../process/open-disk.ts');
  return new LibraryMember(options, openDisk);
}
