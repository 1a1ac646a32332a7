import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Many tests start the executables. Starting one here first has the sources compiled once, not by several at a time. */
export function setup(): void {
  execFileSync(join(import.meta.dirname, '..', 'bin', 'raft'), ['--help']);
}
