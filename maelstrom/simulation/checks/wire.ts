/** What the checks read of a line between two nodes. */
import type { Head } from '../world/wire.ts';

const termPattern = /"term":(\d+)/;
/** As much of a line as surely holds the term of a message that shows the sender's own. */
const headLength = 200;

/** The term that a message shows its sender to be in; 0 where it shows none. */
export function termIn(line: string): number {
  return Number(termPattern.exec(line.slice(0, headLength))?.[1] ?? 0);
}

export function isVote({ type }: Head, line: string): boolean {
  return type === 'request_vote_ok' && line.includes('"vote_granted":true');
}

/** The messages of a batch as lines of their own. An offer, an empty batch, is carried as it is. */
export function unpack(line: string): readonly { readonly head: Head; readonly line: string }[] {
  const { src, dest, body }: Batch = JSON.parse(line);
  const bodies = body.bodies.length === 0 ? [body] : body.bodies;
  return bodies.map((one) => ({ head: { src, dest, type: one.type }, line: JSON.stringify({ src, dest, body: one }) }));
}

interface Batch {
  readonly src: string;
  readonly dest: string;
  readonly body: { readonly type: string; readonly bodies: readonly { readonly type: string }[] };
}
