/**
 * The errors of the Maelstrom protocol (Maelstrom, doc/protocol.md, "Errors").
 */

interface ErrorKind {
  /** Maelstrom's name of the code. */
  readonly name: string;
  /**
   * Whether the operation certainly never takes effect. After an indefinite error it may have taken effect, or may do
   * so later.
   */
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

/** Whether Maelstrom defines this code. Programs may define others. */
export function isErrorCode(code: number): code is ErrorCode {
  return Object.hasOwn(kinds, code);
}

/** The name of a code. Undefined if Maelstrom does not define it. */
export function errorName(code: number): string | undefined {
  return isErrorCode(code) ? kinds[code].name : undefined;
}

/**
 * Whether an operation with this error certainly never takes effect. False for codes that Maelstrom does not define.
 */
export function isDefinite(code: number): boolean {
  return isErrorCode(code) && kinds[code].definite;
}
