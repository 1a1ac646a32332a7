import { join } from 'node:path';
import { crc32c } from './crc32c.ts';

/**
 * File systems take names of up to 255 bytes. Longer names are cut at this length, and a checksum distinguishes them.
 */
const maxNameLength = 200;

/** The directory of one node, in a directory that the whole cluster may share. It is safe for any name of a node. */
export function nodeDirectory(dataDirectory: string, nodeId: string): string {
  const escaped = Array.from(Buffer.from(nodeId), escapedByte).join('');
  if (escaped.length <= maxNameLength) return join(dataDirectory, escaped);
  // If two names still give the same directory, nothing is lost: the hard state names the node that the directory
  // belongs to.
  const checksum = crc32c(Buffer.from(nodeId)).toString(16).padStart(8, '0');
  return join(dataDirectory, `${escaped.slice(0, maxNameLength)}%~${checksum}`);
}

function escapedByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9_-]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
}
