/**
 * Guards what this node did itself and can never be false. It is on in production: a Raft node that has broken its
 * own rules must stop before it says anything more. No message from outside can trip one; those are refused instead.
 */
export function assert(condition: boolean, rule: string): asserts condition {
  if (!condition) throw new Error(`broken invariant: ${rule}`);
}
