import { simulate } from '../../maelstrom/simulation/run.ts';
import { defaultBounds, drawPlan } from '../../maelstrom/simulation/plan/swarm.ts';

/** Plays one seed. Returns what went wrong in it: the rule that was broken, or what was thrown. */
export function playSeed(seed: number, durationMs: number): string | undefined {
  try {
    return simulate(drawPlan(seed, { ...defaultBounds, durationMs })).violation?.rule;
  } catch (error) {
    return `threw: ${String(error)}`;
  }
}
