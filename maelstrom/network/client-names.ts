/** The client that starts the cluster and watches it. The network does not count its messages. */
export const observerId = 'c0';

/** Whether a name on the wire is a client's. Nodes are whatever `init` says; clients are `c` and a number. */
export function isClientId(id: string): boolean {
  return /^c[0-9]+$/.test(id);
}
