import type { Json } from './json.ts';

/** The longest encoded command that is taken from a client, in bytes of UTF-8. A part of a state is no longer. */
export const maxCommandBytes = 1024 * 1024;

/** What is replicated: equal commands in equal order give equal states and equal results, on every node. */
export interface StateMachine<Query, Result> {
  /** Carries out a committed command. Total: whatever the log holds, there is a result and never an exception. */
  apply(command: unknown): Result;

  /** Answers from the state as it is now. */
  read(query: Query): Result;

  /** Begins to take down the state as it is now; what is applied meanwhile is not in it. One at a time. */
  capture(): Capture;

  /** Begins to build another state from one that was taken down. */
  restore(): Restoration;
}

/** A state as it was at one moment, in parts of any JSON. */
export interface Capture {
  /** The next part; undefined when there are no more. */
  next(): Json | undefined;
  /** Gives up what is left. Not needed after the last part. */
  end(): void;
}

/** A state that is being built, beside the one in use. */
export interface Restoration {
  /** The next part. Returns what is wrong with it, as a clause; undefined where nothing is. */
  add(part: Json): string | undefined;
  /** That was all: puts it in the place of the state in use. */
  adopt(): void;
}
