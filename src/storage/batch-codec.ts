/**
 * The text of a batch: lines of JSON. The first line is the hard state, or null if the batch does not change it. If a
 * snapshot takes the place of the log, the next line says so: `{"replacedBy":{"index":7,"term":2}}`. Every further line
 * is an entry.
 */
import type { HardState } from '../raft/hard-state.ts';
import type { LogPlace } from '../raft/log.ts';
import { isMembers } from '../raft/configuration.ts';
import type { Entry } from '../raft/messages.ts';

const lineFeed = 0x0a;

export interface BatchContents {
  readonly hardState?: HardState;
  /**
   * All entries before this batch are removed from the log. The log continues after a snapshot that ends at this place.
   */
  readonly replacedBy?: LogPlace;
  readonly entries: readonly Entry[];
}

export type Decoded =
  | { readonly kind: 'batch'; readonly batch: BatchContents }
  /** `why` is a clause that says what is wrong. */
  | { readonly kind: 'bad'; readonly why: string };

export function encodeBatch(
  { hardState, replacedBy, entries }: BatchContents,
  encodeEntry: (entry: Entry) => string,
): readonly string[] {
  const head = hardState && { ...hardState, voters: [...hardState.voters] };
  const replaced = replacedBy ? [JSON.stringify({ replacedBy })] : [];
  return [JSON.stringify(head ?? null), ...replaced, ...entries.map(encodeEntry)];
}

/**
 * Reads the text of a batch, and checks it. A record with a correct checksum and other contents comes from another
 * program.
 */
export function decodeBatch(payload: Buffer): Decoded {
  let hardState: HardState | undefined;
  let replacedBy: LogPlace | undefined;
  const entries: Entry[] = [];
  for (let start = 0, line = 1; start < payload.length; line += 1) {
    const end = payload.indexOf(lineFeed, start);
    if (end === -1) return bad('its last line does not end');
    const value = parsed(payload.toString('utf8', start, end));
    if (line > 1 && isEntry(value)) entries.push(value);
    else if (line === 1 && isHardState(value)) hardState = value;
    else if (line === 2 && isReplacement(value)) replacedBy = value.replacedBy;
    else if (line > 1 || value !== null) return bad(`line ${line} of it is no ${line === 1 ? 'hard state' : 'entry'}`);
    start = end + 1;
  }
  return { kind: 'batch', batch: { ...(hardState && { hardState }), ...(replacedBy && { replacedBy }), entries } };
}

function bad(why: string): Decoded {
  return { kind: 'bad', why };
}

/** Undefined if the text is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isHardState(value: unknown): value is HardState {
  if (!isObject(value)) return false;
  const { nodeId, voters, service, bootCount, term, votedFor } = value;
  if (service !== undefined && typeof service !== 'string') return false;
  if (typeof nodeId !== 'string' || !Array.isArray(voters)) return false;
  if (voters.length === 0 || !voters.every((voter) => typeof voter === 'string')) return false;
  return isCount(bootCount) && isCount(term) && (votedFor === null || typeof votedFor === 'string');
}

function isReplacement(value: unknown): value is { readonly replacedBy: LogPlace } {
  if (!isObject(value)) return false;
  const { replacedBy } = value;
  return isObject(replacedBy) && isPlace(replacedBy['index'], replacedBy['term']);
}

function isEntry(value: unknown): value is Entry {
  if (!isObject(value)) return false;
  const { kind, term, index, command, origin } = value;
  if (!isPlace(index, term) || command === undefined) return false;
  if (kind !== undefined) return kind === 'configuration' && origin === undefined && isMembers(command);
  return origin === undefined || (isObject(origin) && typeof origin['node'] === 'string' && isCount(origin['id']));
}

function isObject(value: unknown): value is { readonly [field: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPlace(index: unknown, term: unknown): boolean {
  return isCount(index) && index > 0 && isCount(term);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
