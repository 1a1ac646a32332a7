import { executableFault } from '../cluster/executable.ts';
import { UsageError } from './flags.ts';

/** Says what is wrong with the executable while that is still easy to see. */
export function checkExecutable(bin: string): void {
  const fault = executableFault(bin, process.env['PATH'] ?? '');
  if (fault !== undefined) throw new UsageError(fault);
}
