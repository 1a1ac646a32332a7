/**
 * Reads of a line just what carries it on. Nodes write their lines in one way (`protocol/encode.ts`), so that what is
 * asked of every line need not be parsed; a line in any other form is malformed to a simulation.
 */
export interface Head {
  readonly dest: string;
  readonly type: string;
}

const headPattern = /^\{"src":"([^"\\]+)","dest":"([^"\\]+)","body":\{"type":"([a-z_]+)"/;

/** Undefined where the line is no message. */
export function typeOf(line: string): string | undefined {
  return headPattern.exec(line)?.[3];
}

/** Undefined where the line is none that `src` may write. */
export function readHead(line: string, src: string): Head | undefined {
  const [, from, dest, type] = headPattern.exec(line) ?? [];
  return from === src && dest !== undefined && type !== undefined ? { dest, type } : undefined;
}

/** The messages of a batch as lines of their own. An offer, an empty batch, is carried as it is. */
export function unpack(line: string): readonly { readonly head: Head; readonly line: string }[] {
  const { src, dest, body }: Batch = JSON.parse(line);
  const bodies = body.bodies.length === 0 ? [body] : body.bodies;
  return bodies.map((one) => ({ head: { dest, type: one.type }, line: JSON.stringify({ src, dest, body: one }) }));
}

interface Batch {
  readonly src: string;
  readonly dest: string;
  readonly body: { readonly type: string; readonly bodies: readonly { readonly type: string }[] };
}
