import { edgeLabel } from './explain-cycle.ts';
import type { Cycle } from './cycle.ts';
import type { Words } from './words.ts';

/** A longer cycle is told in sentences only. */
const maxDrawn = 12;

/**
 * A cycle as a drawing of characters: each transaction on a line, the arrow to the next one between them, and the last
 * one's arrow along the left, back to the first.
 */
export function drawCycle(cycle: Cycle, words: Words): readonly string[] {
  if (cycle.length > maxDrawn) return [];
  const lines: string[] = [];
  for (const [place, step] of cycle.entries()) {
    const isLast = place === cycle.length - 1;
    const side = place === 0 ? '┌─> ' : isLast ? '└── ' : '│   ';
    const back = isLast ? `   (back to ${words.name(step.to)}: ${edgeLabel(step, words)})` : '';
    lines.push(`${side}${words.name(step.from)}${back}`);
    if (!isLast) lines.push(`│    │ ${edgeLabel(step, words)}`, '│    v');
  }
  return lines;
}
