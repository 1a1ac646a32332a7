import type { Circle } from './edge-list.ts';
import type { EdgeBudget, OrderProblem } from './order-problem.ts';
import type { Decision } from './version.ts';

/** What is decided in one branch of the search; branches share their beginnings. */
interface Branch {
  readonly decision: Decision;
  readonly before: Branch | undefined;
}

export type BranchResult =
  | { readonly outcome: 'found'; /** Neighbours in the order of each key. */ readonly order: readonly Decision[] }
  /** There is no order; the first circle that came up, for those who want to know. */
  | { readonly outcome: 'none'; readonly circles: readonly Circle[] }
  | { readonly outcome: 'given-up' };

/**
 * Looks for an order until there is one or can be none. Where a guess makes a circle, one of the guesses in it is wrong:
 * the first is turned round; or the first is right and the second turned round; and so on.
 */
export function searchBranches(problem: OrderProblem, budget: EdgeBudget): BranchResult {
  const branches: (Branch | undefined)[] = [undefined];
  const circles: Circle[] = [];
  while (branches.length > 0) {
    if (budget.edges <= 0) return { outcome: 'given-up' };
    const branch = branches.pop();
    const attempt = problem.attempt(decisionsOf(branch), budget);
    if (attempt.kind === 'sorted') return { outcome: 'found', order: attempt.guesses };
    if (circles.length < maxCircles) circles.push(...attempt.circles.slice(0, 1));
    if (attempt.kind === 'decided-wrong') continue;
    let kept = branch;
    for (const guess of attempt.wrong[0] ?? []) {
      branches.push({ decision: { first: guess.second, second: guess.first }, before: kept });
      kept = { decision: guess, before: kept };
    }
  }
  return { outcome: 'none', circles };
}

const maxCircles = 4;

function decisionsOf(branch: Branch | undefined): readonly Decision[] {
  const decisions: Decision[] = [];
  for (let at = branch; at !== undefined; at = at.before) decisions.push(at.decision);
  return decisions;
}
