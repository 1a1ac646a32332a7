/** What runs on a machine: a node, whatever it is made of. Bytes and time come in as calls, lines go out as values. */
export interface Program {
  /** Bytes from stdin. */
  receive(bytes: Buffer, nowMs: number): void;
  /** Ends a turn: does what is due, and says what there is to say. */
  turn(nowMs: number): ProgramOutput;
  /** When the next turn is due if nothing arrives; `Infinity` for never. */
  nextDeadlineMs(nowMs: number): number;
}

/** What a turn has to say: lines for stdout, without line breaks, and lines for the log. */
export interface ProgramOutput {
  readonly lines: readonly string[];
  readonly log: readonly string[];
}
