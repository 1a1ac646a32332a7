import { IntegerList } from './integer-list.ts';
import type { View } from './view.ts';

/**
 * Finds the strongly connected components of more than one node (Tarjan, "Depth-first search and linear graph
 * algorithms", 1972), without recursion. Keeps its arrays from one search to the next, so that many small searches cost
 * no more than a large one.
 */
export class ComponentSearch {
  /** When a node was first reached, from 1; 0 where it was not. */
  readonly #reached: Int32Array;
  /** The earliest node on the stack that it leads to. */
  readonly #low: Int32Array;
  readonly #isOnStack: Uint8Array;
  readonly #nextStep: Int32Array;
  readonly #stack = new IntegerList();
  readonly #path = new IntegerList();

  constructor(nodeCount: number) {
    this.#reached = new Int32Array(nodeCount);
    this.#low = new Int32Array(nodeCount);
    this.#isOnStack = new Uint8Array(nodeCount);
    this.#nextStep = new Int32Array(nodeCount);
  }

  /** The components among what can be reached from the vertices given, each as its nodes. */
  find(view: View, vertices: Iterable<number>): readonly (readonly number[])[] {
    const components: number[][] = [];
    const touched: number[] = [];
    let clock = 0;
    const enter = (node: number): void => {
      clock += 1;
      this.#reached[node] = clock;
      this.#low[node] = clock;
      this.#isOnStack[node] = 1;
      this.#nextStep[node] = view.firstStep(node);
      this.#stack.push(node);
      this.#path.push(node);
      touched.push(node);
    };
    for (const vertex of vertices) {
      for (const node of view.nodesOf(vertex)) {
        if (this.#reached[node] !== 0) continue;
        enter(node);
        while (this.#path.length > 0) {
          const here = this.#path.at(this.#path.length - 1);
          const next = this.#advance(view, here);
          if (next !== -1) enter(next);
          else this.#leave(here, components);
        }
      }
    }
    for (const node of touched) this.#reached[node] = 0;
    return components;
  }

  /** The next node that is reached for the first time from here; -1 where there is none any more. */
  #advance(view: View, node: number): number {
    const end = view.endOfSteps(node);
    for (let step = this.#nextStep[node] ?? end; step < end; step += 1) {
      const target = view.target(node, step);
      if (target === -1) continue;
      const reached = this.#reached[target] ?? 0;
      if (reached === 0) {
        this.#nextStep[node] = step + 1;
        return target;
      }
      if (this.#isOnStack[target] === 1) this.#lower(node, reached);
    }
    this.#nextStep[node] = end;
    return -1;
  }

  #leave(node: number, components: number[][]): void {
    this.#path.pop();
    const low = this.#low[node] ?? 0;
    if (this.#path.length > 0) this.#lower(this.#path.at(this.#path.length - 1), low);
    if (low !== this.#reached[node]) return;
    const component: number[] = [];
    let member: number;
    do {
      member = this.#stack.pop();
      this.#isOnStack[member] = 0;
      component.push(member);
    } while (member !== node);
    if (component.length > 1) components.push(component);
  }

  #lower(node: number, to: number): void {
    if (to < (this.#low[node] ?? 0)) this.#low[node] = to;
  }
}
