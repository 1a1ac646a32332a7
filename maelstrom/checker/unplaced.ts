import type { Step } from './steps.ts';

/**
 * The steps that are not placed, by invocation. Steps are put back in the reverse order of their removal, so each still
 * knows the neighbours that it comes back between.
 */
export class Unplaced {
  #first: Step | undefined;

  constructor(first: Step | undefined) {
    this.#first = first;
  }

  /** The one that was invoked first; the others follow by `next`. */
  get first(): Step | undefined {
    return this.#first;
  }

  remove(step: Step): void {
    step.placed = true;
    if (step.previous === undefined) {
      this.#first = step.next;
    } else {
      step.previous.next = step.next;
    }
    if (step.next !== undefined) {
      step.next.previous = step.previous;
    }
  }

  putBack(step: Step): void {
    step.placed = false;
    if (step.previous === undefined) {
      this.#first = step;
    } else {
      step.previous.next = step;
    }
    if (step.next !== undefined) {
      step.next.previous = step;
    }
  }
}
