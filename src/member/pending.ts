/** How long a client's request is remembered without an outcome. */
export const pendingLimitMs = 10_000;

/** How large the commands of pending writes may be together, and the keys of pending reads. */
export const maxPendingBytes = 64 * 1024 * 1024;

/** Of requests in the order of their arrival, those that came `limitMs` ago or earlier. */
export function receivedBefore<Request extends { readonly receivedAtMs: number }>(
  requests: Iterable<Request>,
  nowMs: number,
  limitMs: number,
): readonly Request[] {
  const taken: Request[] = [];
  for (const request of requests) {
    if (nowMs < request.receivedAtMs + limitMs) break;
    taken.push(request);
  }
  return taken;
}
