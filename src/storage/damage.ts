/** What is on the disk is not what was synced there. `what` is a clause; the node must not start. */
export function damage(path: string, offset: number, what: string): Error {
  return new Error(`${path}: damaged at offset ${offset}: ${what}`);
}

/** What is there is whole, but this program does not read it. */
export function otherVersion(path: string, version: number): Error {
  return new Error(`${path}: is in version ${version} of the format, which this program does not read`);
}
