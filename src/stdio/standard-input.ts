import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { ConnectOpts, SocketConstructorOpts } from 'node:net';

export interface InputListener {
  /** The bytes are to be used before it returns: their place is filled again. */
  readonly onBytes: (bytes: Buffer) => void;
  /** There will be no more: the input ended, or who wrote it is gone. */
  readonly onEnd: () => void;
  /** It cannot be read. */
  readonly onError: (error: Error) => void;
}

export interface StandardInput {
  pause(): void;
  resume(): void;
}

/** What is taken from a pipe at a time. */
const bufferBytes = 256 * 1024;

/**
 * Reads stdin. From a pipe or a socket, as a node has it in a cluster, all bytes go through one buffer: what a stream
 * would do around each piece is a fifth of what a small turn costs.
 */
export function readStandardInput({ onBytes, onEnd, onError }: InputListener): StandardInput {
  const stats = fstatSync(0);
  // For these Node.js makes a stream that has ended.
  if (stats.isDirectory() || stats.isBlockDevice()) onError(new Error('it is a directory or a block device'));
  const isPipe = stats.isFIFO() || stats.isSocket();
  const input = isPipe ? pipe(onBytes) : process.stdin.on('data', onBytes);
  input.on('end', onEnd);
  input.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? onEnd() : onError(error)));
  return input.resume();
}

function pipe(onBytes: InputListener['onBytes']): Socket {
  const buffer = Buffer.allocUnsafe(bufferBytes);
  const callback = (sizeBytes: number): boolean => {
    onBytes(buffer.subarray(0, sizeBytes));
    return true;
  };
  const options: SocketConstructorOpts & ConnectOpts = { fd: 0, writable: false, onread: { buffer, callback } };
  return new Socket(options);
}
