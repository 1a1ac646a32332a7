import type { Done, FileSystem, OpenFile } from '../storage/file-system.ts';

/**
 * A file system that stops working when its owner has lost the directory. Ownership is checked before each operation
 * that changes something, and again after each sync, before its result is reported.
 *
 * @param whyLost why the directory is lost; undefined while it is not
 */
export function guarded(fileSystem: FileSystem, whyLost: () => string | undefined): FileSystem {
  const unlessLost = <Value>(done: Done<Value>, operate: (done: Done<Value>) => void): void => {
    const why = whyLost();
    if (why === undefined) return operate(done);
    // Deferred, because a result must never be reported before the method has returned.
    setImmediate(() => done({ kind: 'failed', error: new Error(why) }));
    return undefined;
  };
  const guardedSync = (done: Done<void>, sync: (done: Done<void>) => void): void => {
    unlessLost(done, () => sync((completion) => {
      const why = completion.kind === 'done' ? whyLost() : undefined;
      done(why === undefined ? completion : { kind: 'failed', error: new Error(why) });
    }));
  };
  const guardedFile = (file: OpenFile): OpenFile => ({
    ...file,
    write: (bytes, position, done) => unlessLost(done, (then) => file.write(bytes, position, then)),
    sync: (done) => guardedSync(done, (then) => file.sync(then)),
  });
  return {
    ...fileSystem,
    openSync: (path) => guardedFile(fileSystem.openSync(path)),
    createSync: (path) => guardedFile(fileSystem.createSync(path)),
    create: (path, done) => unlessLost(done, (then) => fileSystem.create(path, (completion) => {
      then(completion.kind === 'done' ? { kind: 'done', value: guardedFile(completion.value) } : completion);
    })),
    syncDirectory: (path, done) => guardedSync(done, (then) => fileSystem.syncDirectory(path, then)),
    rename: (from, to, done) => unlessLost(done, (then) => fileSystem.rename(from, to, then)),
    removeFile: (path, done) => unlessLost(done, (then) => fileSystem.removeFile(path, then)),
  };
}
