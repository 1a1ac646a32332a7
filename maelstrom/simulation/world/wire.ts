/**
 * Reads of a line just what carries it on. Our nodes write their lines in one way (`src/wire/encode.ts`), so that what
 * is asked of every line need not be parsed.
 */
export interface Head {
  readonly src: string;
  readonly dest: string;
  /** Empty where the body has none. */
  readonly type: string;
}

const headPattern = /^\{"src":"([^"\\]+)","dest":"([^"\\]+)","body":\{"type":"([a-z_]+)"/;

/** Undefined where the line is no message. */
export function readHead(line: string): Head | undefined {
  const [, src, dest, type] = headPattern.exec(line) ?? [];
  return src !== undefined && dest !== undefined && type !== undefined ? { src, dest, type } : parseHead(line);
}

/** For lines that are written in another way. */
function parseHead(line: string): Head | undefined {
  try {
    const { src, dest, body }: Partial<Record<'src' | 'dest' | 'body', unknown>> = JSON.parse(line);
    if (typeof src !== 'string' || typeof dest !== 'string' || typeof body !== 'object' || body === null) return undefined;
    return { src, dest, type: 'type' in body && typeof body.type === 'string' ? body.type : '' };
  } catch {
    return undefined;
  }
}
