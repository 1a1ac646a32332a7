/** The clocks of a process. */
export interface TimeSources {
  /** Advances while the machine runs. Never goes back. It stands still while the machine is suspended. */
  readonly monotonicMs: () => number;
  /** The time of day, which may be changed at any time. */
  readonly wallMs: () => number;
  /**
   * The time since the machine started, including the time that it was suspended. Slow to read, and exact to 10 ms
   * only.
   */
  readonly uptimeMs: () => number;
}

/**
 * When the wall clock and the monotonic clock have moved apart by more than this, the uptime is read. It is also the
 * resolution of the uptime: smaller differences are no suspension.
 */
const askUptimeAfterMs = 10;

/**
 * A clock that counts the time in which the machine was suspended. A lease needs it: while this machine was suspended,
 * the others may have elected a new leader.
 *
 * The monotonic clock of Node.js does not advance during a suspension. So it and the wall clock move apart. Only then
 * the uptime is read, which tells how long the suspension was.
 *
 * A virtual machine that its host stops cannot see that on any clock.
 */
export function createClock({ monotonicMs, wallMs, uptimeMs }: TimeSources): () => number {
  const uptimeAheadMs = uptimeMs() - monotonicMs();
  let wallAheadMs = wallMs() - monotonicMs();
  let suspendedMs = 0;
  return () => {
    const nowMs = monotonicMs();
    const aheadMs = wallMs() - nowMs;
    if (Math.abs(aheadMs - wallAheadMs) > askUptimeAfterMs) {
      wallAheadMs = aheadMs;
      const countedMs = uptimeMs() - nowMs - uptimeAheadMs;
      // A smaller difference is within the resolution of the uptime.
      if (countedMs - suspendedMs > askUptimeAfterMs) suspendedMs = countedMs;
    }
    return nowMs + suspendedMs;
  };
}
