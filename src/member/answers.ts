import type { Result } from '../services/kv/store.ts';
import type { ReplyBody } from '../stdio/bodies.ts';
import { errorCode } from '../stdio/errors.ts';
import type { ErrorCode } from '../stdio/errors.ts';
import type { Write } from './pending-writes.ts';

/** What the state machine's result means for who asked. */
export function answerTo(operation: Write['operation'] | 'read', result: Result): ReplyBody {
  switch (result.kind) {
    case 'ok':
      return operation === 'read' ? impossible() : { type: `${operation}_ok` };
    case 'value':
      return { type: 'read_ok', value: result.value };
    case 'no-such-key':
      return error(errorCode.keyDoesNotExist, 'key does not exist');
    case 'mismatch':
      return error(errorCode.preconditionFailed, `expected another value, found ${shortened(result.found)}`);
    case 'not-understood':
      return error(errorCode.malformedRequest, `not a command: ${result.reason}`);
  }
}

/** Nothing of the request has reached any log, nor will it. */
export function unavailable(why: string): ReplyBody {
  return error(errorCode.temporarilyUnavailable, why);
}

/** A proof was found that the request will never take effect (see `neverCommits`). */
export function aborted(): ReplyBody {
  return error(errorCode.abort, 'another leader replaced the entry before it was committed');
}

/** The request may have taken effect, or may still. */
export function inDoubt(): ReplyBody {
  return error(errorCode.crash, 'no outcome is known yet; the request may still take effect');
}

export function error(code: ErrorCode, text: string): ReplyBody {
  return { type: 'error', code, text };
}

function impossible(): never {
  throw new Error('broken invariant: a read gives a value or none');
}

const maxShownLength = 100;

function shortened(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= maxShownLength ? text : `${text.slice(0, maxShownLength)}...`;
}
