import { accessSync, closeSync, constants, existsSync, openSync, readSync, statSync } from 'node:fs';
import { basename, delimiter, extname, join } from 'node:path';

/** How much of a file is looked at: the system reads no longer first line than that. */
const headBytes = 256;

const advice = "--bin takes the path of your node's executable";

/** What the first line of a script may be, by how its name ends. */
const interpreters: Readonly<Record<string, string>> = {
  '.py': 'python3',
  '.js': 'node',
  '.mjs': 'node',
  '.rb': 'ruby',
  '.sh': 'sh',
  '.clj': 'bb',
  '.pl': 'perl',
  '.lua': 'lua',
};

/**
 * What is wrong with a file that is to be run as a node, and what to do about it, while that is still easy to see: the
 * system would only say that it cannot be run, or that something else does not exist. Undefined where it may well run.
 *
 * @param path the directories in which `env` looks for a program, as in $PATH
 */
export function executableFault(bin: string, path: string): string | undefined {
  const status = statSync(bin, { throwIfNoEntry: false });
  if (status === undefined) {
    const onPath = bin.includes('/') || find(bin, path) === undefined ? '' : `; the one on the PATH is ${find(bin, path)}`;
    return `there is no file ${bin}; ${advice}${onPath}`;
  }
  if (status.isDirectory()) return `${bin} is a directory; ${advice}, such as ${join(bin, 'node')}`;
  if (!status.isFile()) return `${bin} is not a file; ${advice}`;
  if (status.size === 0) return `${bin} is empty; ${advice}`;
  if (!isExecutable(bin)) return `${bin} is not executable; try: chmod +x ${bin}`;
  return scriptFault(bin, headOf(bin), path);
}

/** A script has to say on its first line what runs it. What has a zero byte early on is no script. */
function scriptFault(bin: string, head: string, path: string): string | undefined {
  if (head.includes('\0')) return undefined;
  const first = head.split('\n', 1)[0] ?? '';
  const [, interpreter, argument] = /^#![ \t]*([^ \t\r]+)[ \t]*([^\r]*)/.exec(first) ?? [];
  if (interpreter === undefined) {
    if (first.startsWith('\ufeff#!')) return `${bin} has a byte order mark before its #!; save it as UTF-8 without one`;
    const guess = interpreters[extname(bin)] ?? 'python3';
    return `${bin} does not say what runs it; make its first line, for example: #!/usr/bin/env ${guess}`;
  }
  if (first.endsWith('\r')) {
    return `${bin} has lines that end as on Windows, also the one with #!; try: sed -i 's/\\r$//' ${bin}`;
  }
  if (!existsSync(interpreter)) {
    return `${bin} wants to be run by ${interpreter}, which does not exist; mend its first line: ${first}`;
  }
  const program = programOf(interpreter, argument ?? '');
  if (program === undefined || find(program, path) !== undefined) return undefined;
  return `${bin} wants to be run by ${program}, which is not on the PATH; install it, or mend its first line: ${first}`;
}

/** The program that `env` is to look for, where the interpreter is `env` and that is easy to see. */
function programOf(interpreter: string, argument: string): string | undefined {
  if (basename(interpreter) !== 'env') return undefined;
  const words = argument.trim().replace(/^-S[ \t]*/, '').split(/[ \t]+/);
  const program = words.find((word) => !word.includes('='));
  return program === undefined || program === '' || program.startsWith('-') ? undefined : program;
}

function find(program: string, path: string): string | undefined {
  if (program.includes('/')) return existsSync(program) ? program : undefined;
  return path
    .split(delimiter)
    .map((directory) => join(directory === '' ? '.' : directory, program))
    .find((file) => existsSync(file) && isExecutable(file));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A file that may be run but not read is left to the system. */
function headOf(file: string): string {
  try {
    const descriptor = openSync(file, 'r');
    const head = Buffer.alloc(headBytes);
    const size = readSync(descriptor, head, 0, headBytes, 0);
    closeSync(descriptor);
    return head.toString('utf8', 0, size);
  } catch {
    return '\0';
  }
}
