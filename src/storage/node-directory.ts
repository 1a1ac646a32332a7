import { join } from 'node:path';
import { crc32c } from './crc32c.ts';

/** File systems take names up to 255 bytes; longer ones are cut here, and told apart by a checksum. */
const maxNameLength = 200;

/** The directory of one node under a directory that a whole cluster may share. Any name of a node is safe. */
export function nodeDirectory(dataDirectory: string, nodeId: string): string {
  const escaped = Array.from(Buffer.from(nodeId), escapedByte).join('');
  if (escaped.length <= maxNameLength) return join(dataDirectory, escaped);
  // Two names that still meet do no harm: the hard state says whose directory it is.
  const checksum = crc32c(Buffer.from(nodeId)).toString(16).padStart(8, '0');
  return join(dataDirectory, `${escaped.slice(0, maxNameLength)}%~${checksum}`);
}

function escapedByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9_-]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
}
