/** An order against the definition, before anything is called linearizable: cheap, and independent of the search. */
import type { Operation } from '../../history/operations.ts';
import { contentAfter, contentAtFirst } from './meaning.ts';
import type { Part } from './part.ts';

/**
 * What is wrong with an order that is to explain a part, or undefined: an operation that is not of the part or stands
 * twice, one that does not fit, one after another that was invoked after it had completed, or one that happened and is
 * missing.
 */
export function faultIn(order: readonly Operation[], part: Part): string | undefined {
  const certain = new Set<Operation>(part.certain);
  const left = new Set<Operation>([...part.certain, ...part.possible]);
  let content = contentAtFirst(part.startsWith);
  let latestInvocation = -1;
  for (const operation of order) {
    if (!left.delete(operation)) return 'an operation that is not of the history, or stands twice';
    const after = contentAfter(operation, content);
    if (after === undefined) return 'an operation that does not fit';
    content = after;
    if (certain.delete(operation) && (operation.completed?.index ?? Infinity) < latestInvocation) {
      return 'an operation after one that was invoked when it had completed';
    }
    latestInvocation = Math.max(latestInvocation, operation.invoked.index);
  }
  return certain.size > 0 ? 'an operation that happened is missing' : undefined;
}
