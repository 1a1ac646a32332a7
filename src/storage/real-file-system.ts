import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { fileError, systemCodeOf } from './file-error.ts';
import type { Completion, Done, FileSystem, OpenFile, ReadableFile } from './file-system.ts';

/**
 * The file system of the operating system. Asynchronous operations run on the thread pool of Node.js. Every error says
 * which file it is about, and what could not be done.
 */
export const realFileSystem: FileSystem = {
  createDirectorySync,

  listSync: (directory) => attempt(directory, 'list the directory', () => fs.readdirSync(directory)),

  readFileSync: (path) => attempt(path, 'read', () => fs.readFileSync(path)),

  removeFileSync: (path) => attempt(path, 'remove', () => fs.unlinkSync(path)),

  openSync: (path) => attempt(path, 'open for writing', () => openFile(path, fs.openSync(path, 'r+'))),

  openForReadingSync: (path) => attempt(path, 'open for reading', () => readableFile(path, fs.openSync(path, 'r'))),

  createSync: (path) => attempt(path, 'create', () => openFile(path, fs.openSync(path, 'wx'))),

  renameSync: (from, to) => attempt(from, `rename to ${to}`, () => fs.renameSync(from, to)),

  syncDirectorySync,

  create(path, done) {
    fs.open(path, 'wx', (error, descriptor) => {
      if (error) return done(failed(path, 'create', error));
      return settle(path, 'create', () => openFile(path, descriptor), done);
    });
  },

  syncDirectory(path, done) {
    fs.open(path, 'r', (error, descriptor) => {
      if (error) return done(failed(path, 'open the directory', error));
      fs.fsync(descriptor, (syncError) => {
        fs.closeSync(descriptor);
        report(path, 'sync the directory', syncError, done);
      });
    });
  },

  rename: (from, to, done) => fs.rename(from, to, (error) => report(from, `rename to ${to}`, error, done)),

  removeFile: (path, done) => fs.unlink(path, (error) => report(path, 'remove', error, done)),

  freeBytes(path, done) {
    fs.statfs(path, (error, status) => {
      if (error) return done(failed(path, 'ask for free space', error));
      return done({ kind: 'done', value: status.bavail * status.bsize });
    });
  },

  freeBytesSync(path) {
    const { bavail, bsize } = attempt(path, 'ask for free space', () => fs.statfsSync(path));
    return bavail * bsize;
  },
};

/**
 * Does not use the option `recursive` of Node.js: where no directory can be created, as below `/proc`, that call never
 * returns.
 */
function createDirectorySync(path: string): void {
  if (makeDirectory(path) !== 'no-parent') return;
  createDirectorySync(dirname(path));
  if (makeDirectory(path) === 'no-parent') {
    throw new Error(`${path}: cannot make the directory: nothing can be made there`);
  }
}

function makeDirectory(path: string): 'is-there' | 'no-parent' {
  try {
    fs.mkdirSync(path);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'EEXIST' && isDirectory(path)) return 'is-there';
    if (code === 'EEXIST') throw new Error(`${path}: cannot make the directory: something else is there`);
    if (code === 'ENOENT' && dirname(path) !== path) return 'no-parent';
    throw fileError(path, 'make the directory', error);
  }
  syncDirectorySync(dirname(path));
  return 'is-there';
}

/** Follows links. A link that leads nowhere is not a directory. */
function isDirectory(path: string): boolean {
  return fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function syncDirectorySync(path: string): void {
  attempt(path, 'sync the directory', () => {
    const descriptor = fs.openSync(path, 'r');
    try {
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
  });
}

function openFile(path: string, descriptor: number): OpenFile {
  const opened = fs.fstatSync(descriptor);
  return {
    write(bytes, position, done) {
      fs.write(descriptor, bytes, 0, bytes.length, position, (error, writtenBytes) => {
        if (error) done(failed(path, 'write', error));
        else done({ kind: 'done', value: writtenBytes });
      });
    },
    writeSync: (bytes, position) => {
      return attempt(path, 'write', () => fs.writeSync(descriptor, bytes, 0, bytes.length, position));
    },
    // fdatasync: the data, and the metadata that are needed to read it back, such as the size.
    sync(done) {
      fs.fdatasync(descriptor, (error) => {
        if (error) return done(failed(path, 'sync', error));
        return settle(path, 'sync', () => checkName(path, opened), done);
      });
    },
    syncSync: () => attempt(path, 'sync', () => fs.fsyncSync(descriptor)),
    truncateSync: (sizeBytes) => attempt(path, 'truncate', () => fs.ftruncateSync(descriptor, sizeBytes)),
    close: () => fs.closeSync(descriptor),
  };
}

/**
 * Checks that the name still leads to this file. The file or its directory may have been removed or replaced. Then a
 * sync would succeed, but the next start would not find the data.
 */
function checkName(path: string, opened: fs.Stats): void {
  const found = fs.statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new Error('the file is gone from its directory');
  if (found.ino !== opened.ino || found.dev !== opened.dev) throw new Error('another file has taken its name');
}

function readableFile(path: string, descriptor: number): ReadableFile {
  return {
    sizeBytes: fs.fstatSync(descriptor).size,
    readSync(position, maxBytes) {
      const bytes = Buffer.allocUnsafe(maxBytes);
      return bytes.subarray(0, attempt(path, 'read', () => fs.readSync(descriptor, bytes, 0, maxBytes, position)));
    },
    close: () => fs.closeSync(descriptor),
  };
}

function attempt<Value>(path: string, what: string, operate: () => Value): Value {
  try {
    return operate();
  } catch (error) {
    throw fileError(path, what, error);
  }
}

function report(path: string, what: string, error: Error | null, done: Done<void>): void {
  if (error) done(failed(path, what, error));
  else done({ kind: 'done', value: undefined });
}

function settle<Value>(path: string, what: string, operate: () => Value, done: Done<Value>): void {
  let value: Value;
  try {
    value = operate();
  } catch (error) {
    return done(failed(path, what, error));
  }
  return done({ kind: 'done', value });
}

function failed(path: string, what: string, error: unknown): Completion<never> {
  return { kind: 'failed', error: fileError(path, what, error) };
}
