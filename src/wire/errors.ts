/**
 * The errors of the Maelstrom protocol (Maelstrom, doc/protocol.md, "Errors").
 */

interface ErrorKind {
  /** The name that Maelstrom gives the code. */
  readonly name: string;
  /** Whether the operation is certain never to take effect. After an indefinite error it may have, or still may. */
  readonly definite: boolean;
}

export const errorCode = {
  timeout: 0,
  nodeNotFound: 1,
  notSupported: 10,
  temporarilyUnavailable: 11,
  malformedRequest: 12,
  crash: 13,
  abort: 14,
  keyDoesNotExist: 20,
  keyAlreadyExists: 21,
  preconditionFailed: 22,
  txnConflict: 30,
} as const;

export type ErrorCode = (typeof errorCode)[keyof typeof errorCode];

const kinds: Readonly<Record<ErrorCode, ErrorKind>> = {
  0: { name: 'timeout', definite: false },
  1: { name: 'node-not-found', definite: true },
  10: { name: 'not-supported', definite: true },
  11: { name: 'temporarily-unavailable', definite: true },
  12: { name: 'malformed-request', definite: true },
  13: { name: 'crash', definite: false },
  14: { name: 'abort', definite: true },
  20: { name: 'key-does-not-exist', definite: true },
  21: { name: 'key-already-exists', definite: true },
  22: { name: 'precondition-failed', definite: true },
  30: { name: 'txn-conflict', definite: true },
};

/** Whether a code is one of Maelstrom's; programs may define others. */
export function isErrorCode(code: number): code is ErrorCode {
  return Object.hasOwn(kinds, code);
}

/** The name of a code, undefined where Maelstrom does not define it. */
export function errorName(code: number): string | undefined {
  return isErrorCode(code) ? kinds[code].name : undefined;
}

/** Whether the operation is certain never to take effect. Of codes not Maelstrom's nothing is certain. */
export function isDefinite(code: number): boolean {
  return isErrorCode(code) && kinds[code].definite;
}
