/**
 * What a scenario looks like: a text in which every line that begins with `> ` is a command, the lines below it are
 * what came of it, and lines that begin with `#` are for the reader. An empty line ends an output.
 */
export interface Step {
  /** Comments and empty lines before the command. */
  readonly before: readonly string[];
  /** Without the `> `. */
  readonly command: string;
  readonly output: readonly string[];
}

export interface Script {
  readonly steps: readonly Step[];
  /** Comments and empty lines at the end. */
  readonly after: readonly string[];
}

const commandMark = '> ';

export function parseScript(text: string): Script {
  const steps: Step[] = [];
  let before: string[] = [];
  let output: string[] | undefined;
  for (const line of text.trimEnd().split('\n')) {
    if (line.startsWith(commandMark)) {
      output = [];
      steps.push({ before, command: line.slice(commandMark.length), output });
      before = [];
    } else if (line === '' || line.startsWith('#')) {
      output = undefined;
      before.push(line);
    } else if (output === undefined) {
      throw new Error(`no command comes before the output "${line}"`);
    } else {
      output.push(line);
    }
  }
  return { steps, after: before };
}

export function formatScript({ steps, after }: Script): string {
  const lines = steps.flatMap(({ before, command, output }) => [...before, `${commandMark}${command}`, ...output]);
  return `${[...lines, ...after].join('\n')}\n`;
}
