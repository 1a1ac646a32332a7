/** The error for a file that no longer holds what was synced. The node must not start. `what` is a clause. */
export function damage(path: string, offset: number, what: string): Error {
  return new Error(`${path}: damaged at offset ${offset}: ${what}`);
}

/** The error for a file that is intact, but in a version of the format that this program does not read. */
export function otherVersion(path: string, version: number): Error {
  return new Error(`${path}: is in version ${version} of the format, which this program does not read`);
}
