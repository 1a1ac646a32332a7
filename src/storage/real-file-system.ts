import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { fileError, systemCodeOf } from './file-error.ts';
import type { Completion, Done, FileSystem, OpenFile, ReadableFile } from './file-system.ts';

/**
 * The operating system's files. What need not be done at once is done by the threads that Node.js keeps for that. Every
 * error says which file, and what could not be done with it.
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

/** Not by `recursive` of Node.js: where nothing can be made, as below `/proc`, that never returns. */
function createDirectorySync(path: string): void {
  if (makeDirectory(path) !== 'no-parent') return;
  createDirectorySync(dirname(path));
  if (makeDirectory(path) === 'no-parent') throw new Error(`${path}: cannot make the directory: nothing can be made there`);
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

/** Also by way of a link; one that leads nowhere is none. */
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
    // The data, and of the metadata what is needed to read it back, the size included.
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
 * What was synced is of use only where its name still leads to it. The file or its directory may have been removed, or
 * another put in its place.
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
