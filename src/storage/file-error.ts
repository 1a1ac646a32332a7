/**
 * Says which file, what could not be done, and why: `/data/n1/lock-1: cannot write: ENOSPC: no space left on device`.
 */
export function fileError(path: string, what: string, error: unknown): Error {
  return new Error(`${path}: cannot ${what}: ${reasonOf(error)}`);
}

/** The code of an error of the operating system, such as `ENOENT`. Undefined for any other error. */
export function systemCodeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The message of Node.js, without the name of the call and the paths at its end: the caller adds both. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const call = 'syscall' in error && typeof error.syscall === 'string' ? `, ${error.syscall}` : undefined;
  return call === undefined ? error.message : (error.message.split(call)[0] ?? error.message);
}
