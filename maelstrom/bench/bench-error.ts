/** Why a measurement came to nothing. */
export class BenchError extends Error {
  /** `not-up`: the cluster did not get as far as serving; `interrupted`: the user ended the run. */
  readonly kind: 'not-up' | 'misbehaved' | 'interrupted';
  /** What the node at fault wrote to stderr last, oldest line first. */
  readonly stderrTail: readonly string[];

  constructor(kind: BenchError['kind'], message: string, stderrTail: readonly string[] = []) {
    super(message);
    this.kind = kind;
    this.stderrTail = stderrTail;
  }
}
