import type { Json } from './json.ts';

/**
 * The longest command that is taken from a client, in bytes of UTF-8 of its JSON. No part of a captured state is
 * longer.
 */
export const maxCommandBytes = 1024 * 1024;

/** The replicated state. Equal commands in equal order must give equal states and equal results on every node. */
export interface StateMachine<Query, Result> {
  /**
   * Carries out a committed command. It must return a result for every value that the log can hold, and never throw.
   */
  apply(command: unknown): Result;

  /** Answers a query from the current state. */
  read(query: Query): Result;

  /**
   * Begins to read out the current state. Commands that are applied later do not change what is read. One at a time.
   */
  capture(): Capture;

  /** Begins to build a new state from the parts of a captured one. */
  restore(): Restoration;
}

/** A state as it was at one moment, in parts. A part is any JSON. */
export interface Capture {
  /** The next part. Undefined when there are no more. */
  next(): Json | undefined;
  /** Ends the capture early. Not needed after the last part. */
  end(): void;
}

/** A state that is being built, beside the one in use. */
export interface Restoration {
  /** Adds the next part. Returns what is wrong with it, as a clause; undefined if it is good. */
  add(part: Json): string | undefined;
  /** Replaces the state in use by the one that was built. All parts must have been added. */
  adopt(): void;
}
