import * as fs from 'node:fs';
import { dirname } from 'node:path';
import type { Done, FileSystem, OpenFile, ReadableFile } from './file-system.ts';

/** The operating system's files. What need not be done at once is done by the threads that Node.js keeps for that. */
export const realFileSystem: FileSystem = {
  createDirectorySync(path) {
    const topmost = fs.mkdirSync(path, { recursive: true });
    if (topmost === undefined) return;
    for (let created = path; created.length >= topmost.length; created = dirname(created)) {
      syncDirectorySync(dirname(created));
    }
  },

  listSync: (directory) => fs.readdirSync(directory),

  readFileSync: (path) => fs.readFileSync(path),

  removeFileSync: (path) => fs.unlinkSync(path),

  openSync: (path) => openFile(fs.openSync(path, 'r+')),

  openForReadingSync: (path) => readableFile(fs.openSync(path, 'r')),

  syncDirectorySync,

  create(path, done) {
    fs.open(path, 'wx', (error, descriptor) => {
      if (error) done({ kind: 'failed', error });
      else done({ kind: 'done', value: openFile(descriptor) });
    });
  },

  syncDirectory(path, done) {
    fs.open(path, 'r', (error, descriptor) => {
      if (error) return done({ kind: 'failed', error });
      fs.fsync(descriptor, (syncError) => {
        fs.closeSync(descriptor);
        report(syncError, done);
      });
    });
  },

  rename: (from, to, done) => fs.rename(from, to, (error) => report(error, done)),

  removeFile: (path, done) => fs.unlink(path, (error) => report(error, done)),

  freeBytes(path, done) {
    fs.statfs(path, (error, status) => {
      if (error) done({ kind: 'failed', error });
      else done({ kind: 'done', value: status.bavail * status.bsize });
    });
  },

  freeBytesSync(path) {
    const { bavail, bsize } = fs.statfsSync(path);
    return bavail * bsize;
  },
};

function syncDirectorySync(path: string): void {
  const descriptor = fs.openSync(path, 'r');
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

function openFile(descriptor: number): OpenFile {
  return {
    write(bytes, position, done) {
      fs.write(descriptor, bytes, 0, bytes.length, position, (error, writtenBytes) => {
        if (error) done({ kind: 'failed', error });
        else done({ kind: 'done', value: writtenBytes });
      });
    },
    writeSync: (bytes, position) => fs.writeSync(descriptor, bytes, 0, bytes.length, position),
    // The data, and of the metadata what is needed to read it back, the size included.
    sync: (done) => fs.fdatasync(descriptor, (error) => report(error, done)),
    syncSync: () => fs.fsyncSync(descriptor),
    truncateSync: (sizeBytes) => fs.ftruncateSync(descriptor, sizeBytes),
    close: () => fs.closeSync(descriptor),
  };
}

function readableFile(descriptor: number): ReadableFile {
  return {
    sizeBytes: fs.fstatSync(descriptor).size,
    readSync(position, maxBytes) {
      const bytes = Buffer.allocUnsafe(maxBytes);
      return bytes.subarray(0, fs.readSync(descriptor, bytes, 0, maxBytes, position));
    },
    close: () => fs.closeSync(descriptor),
  };
}

function report(error: Error | null, done: Done<void>): void {
  if (error) done({ kind: 'failed', error });
  else done({ kind: 'done', value: undefined });
}
