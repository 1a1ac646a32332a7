/** What a process can ask for the time. */
export interface TimeSources {
  /** Counts while the machine runs; never goes back. */
  readonly monotonicMs: () => number;
  /** The time of day, which may be set at any time. */
  readonly wallMs: () => number;
  /** Since the machine was started, with the time that it was suspended. Slow to ask, and exact to 10 ms only. */
  readonly uptimeMs: () => number;
}

/** Wall clock and monotonic clock that have moved apart by more are a reason to ask for the uptime. */
const askUptimeAfterMs = 10;

/**
 * A clock that counts the time in which the machine was suspended, as a lease needs it: while this machine slept, others
 * may have elected a leader. The clock that Node.js offers stands still meanwhile. A suspension moves it and the wall
 * clock apart; then, and only then, the uptime says how long the suspension was.
 *
 * A virtual machine that its host has stopped sees nothing of it on any clock.
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
      // Less than the uptime's own grain is no suspension.
      if (countedMs - suspendedMs > askUptimeAfterMs) suspendedMs = countedMs;
    }
    return nowMs + suspendedMs;
  };
}
