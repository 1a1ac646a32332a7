/** Which file, what could not be done with it, and why: `/data/n1/lock-1: cannot write: ENOSPC: no space left on device`. */
export function fileError(path: string, what: string, error: unknown): Error {
  return new Error(`${path}: cannot ${what}: ${reasonOf(error)}`);
}

/** `ENOENT` and the like; undefined where it is no error of the operating system's. */
export function systemCodeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What Node.js says, without the call and the paths that it adds: those are said already. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const call = 'syscall' in error && typeof error.syscall === 'string' ? `, ${error.syscall}` : undefined;
  return call === undefined ? error.message : (error.message.split(call)[0] ?? error.message);
}
