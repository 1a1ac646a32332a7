import { playDay } from '../simulation/unlucky-day.ts';

/** Plays one seed. Returns what went wrong in it: the rule that was broken, or what was thrown. */
export function playSeed(seed: number, durationMs: number): string | undefined {
  try {
    const { report, findings } = playDay({ seed, durationMs });
    if (report.verdict === 'not-linearizable') return 'linearizability';
    return findings.length > 0 ? 'a finding' : undefined;
  } catch (error) {
    return `threw: ${String(error)}`;
  }
}
