import type { Completion, Done, OpenFile } from './file-system.ts';

/** Writes all bytes, also if the file takes only some of them at a time. A file that takes none has failed. */
export function writeAll(file: OpenFile, bytes: Uint8Array, position: number, done: Done<void>): void {
  if (bytes.length === 0) return done({ kind: 'done', value: undefined });
  return file.write(bytes, position, (completion) => {
    if (completion.kind === 'failed') return done(completion);
    if (completion.value === 0) return done({ kind: 'failed', error: nothingWritten() });
    return writeAll(file, bytes.subarray(completion.value), position + completion.value, done);
  });
}

/** As `writeAll`, synchronously. Throws if it fails. */
export function writeAllSync(file: OpenFile, bytes: Uint8Array, position: number): void {
  for (let written = 0; written < bytes.length; ) {
    const writtenNow = file.writeSync(bytes.subarray(written), position + written);
    if (writtenNow === 0) throw nothingWritten();
    written += writtenNow;
  }
}

/** Calls `then` if an operation has succeeded, and `onFailure` otherwise. */
export function unlessFailed<Value>(onFailure: (error: Error) => void, then: (value: Value) => void): Done<Value> {
  return (completion: Completion<Value>) => {
    if (completion.kind === 'done') return then(completion.value);
    return onFailure(completion.error);
  };
}

function nothingWritten(): Error {
  return new Error('the disk took none of the bytes');
}
