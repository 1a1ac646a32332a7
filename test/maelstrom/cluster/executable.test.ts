import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { executableFault } from '../../../maelstrom/cluster/executable.ts';

const directory = mkdtempSync(join(tmpdir(), 'eddy-executable-'));
const onPath = join(directory, 'on-path');
mkdirSync(onPath);
const interpreter = file('on-path/python3', '\x7fELF\0', 0o755);
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, content: string, mode = 0o755): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

function fault(bin: string): string | undefined {
  return executableFault(bin, `/nowhere:${onPath}`)?.replaceAll(`${directory}/`, '');
}

describe('what is wrong with an executable', () => {
  it('is nothing where it is a program, or a script whose interpreter is there', () => {
    expect(fault(interpreter)).toBeUndefined();
    for (const first of [`#!${interpreter}`, `#! ${interpreter} -u`, '#!/usr/bin/env python3', '#!/usr/bin/env -S A=1 python3 -u']) {
      expect(fault(file('fine.py', `${first}\nprint()\n`))).toBeUndefined();
    }
  });

  it.each([
    ['no-shebang.py', 'import json\n', 'no-shebang.py does not say what runs it; make its first line, for example: #!/usr/bin/env python3'],
    ['no-shebang.js', '\n#!/usr/bin/env node\n', 'no-shebang.js does not say what runs it; make its first line, for example: #!/usr/bin/env node'],
    ['windows.py', '#!/usr/bin/env python3\r\nprint()\r\n', "windows.py has lines that end as on Windows, also the one with #!; try: sed -i 's/\\r$//' windows.py"],
    ['mark.py', '\ufeff#!/usr/bin/env python3\n', 'mark.py has a byte order mark before its #!; save it as UTF-8 without one'],
    ['old.py', '#!/opt/python2 -u\n', 'old.py wants to be run by /opt/python2, which does not exist; mend its first line: #!/opt/python2 -u'],
    ['env.rb', '#!/usr/bin/env ruby -w\n', 'env.rb wants to be run by ruby, which is not on the PATH; install it, or mend its first line: #!/usr/bin/env ruby -w'],
    ['empty', '', "empty is empty; --bin takes the path of your node's executable"],
  ])('is said of %s, with what to do', (name, content, said) => {
    expect(fault(file(name, content))).toBe(said);
  });

  it('is said of what is no file, is not there, or may not be run', () => {
    expect(fault(onPath)).toBe("on-path is a directory; --bin takes the path of your node's executable, such as on-path/node");
    expect(fault(join(directory, 'none.py'))).toBe("there is no file none.py; --bin takes the path of your node's executable");
    expect(fault('/dev/null')).toBe("/dev/null is not a file; --bin takes the path of your node's executable");
    expect(fault(file('plain.py', '#!/bin/sh\n', 0o644))).toBe('plain.py is not executable; try: chmod +x plain.py');
  });

  it('points to the program on the PATH that was meant', () => {
    expect(fault('python3')).toContain('; the one on the PATH is on-path/python3');
  });
});
