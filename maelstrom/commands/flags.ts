import { parseArgs } from 'node:util';

/** The command line is wrong. The message says what to write instead. */
export class UsageError extends Error {}

export interface Flag {
  readonly name: string;
  readonly short?: string;
  /** The name of its value in the help text. A flag without one is a switch. */
  readonly value?: string;
  readonly help: string;
}

const helpWidth = 80;
/** Where the explanations begin, behind the flags. */
const helpColumn = 30;

/** The explanation of a flag in a help text, in lines of at most 80 characters. */
export function flagHelp({ name, short, value, help }: Flag): string {
  const names = `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
  const indent = ' '.repeat(helpColumn);
  const lines: string[] = [];
  let line = `  ${names}`.padEnd(helpColumn);
  if (line.length > helpColumn) {
    lines.push(line);
    line = indent;
  }
  for (const word of help.split(' ')) {
    const isEmpty = line.length === helpColumn;
    if (!isEmpty && line.length + 1 + word.length > helpWidth) {
      lines.push(line);
      line = indent + word;
    } else line += isEmpty ? word : ` ${word}`;
  }
  return [...lines, line].join('\n');
}

/** Reads a command line of flags only: from each flag that is given to the text of its value. Throws a `UsageError`. */
export function readFlags(
  command: string,
  table: readonly Flag[],
  argv: readonly string[],
): ReadonlyMap<string, string> {
  const { flags, others } = readArguments(command, table, argv);
  const [other] = others;
  if (other === undefined) return flags;
  const isBin = other !== '--' && !flags.has('bin');
  const advice = isBin ? `is that your node? --bin ${other}` : 'arguments for the node itself come last, after --';
  throw new UsageError(`${JSON.stringify(other)} belongs to no flag; ${advice}`);
}

/** The arguments of a command. */
export interface Arguments {
  /** From the name of each flag that is given to the text of its value. The text of a switch is empty. */
  readonly flags: ReadonlyMap<string, string>;
  /** The arguments that belong to no flag, in order. */
  readonly others: readonly string[];
}

/** Separates flags from other arguments. Of a flag that is repeated the last value counts. Throws a `UsageError`. */
export function readArguments(command: string, table: readonly Flag[], argv: readonly string[]): Arguments {
  const known = Object.fromEntries(
    table.map(({ name, short, value }) => {
      const type = value === undefined ? ('boolean' as const) : ('string' as const);
      return [name, short === undefined ? { type } : { type, short }];
    }),
  );
  const args = [...argv];
  const { tokens } = parseArgs({ args, options: known, strict: false, allowPositionals: true, tokens: true });
  const flags = new Map<string, string>();
  const others: string[] = [];
  for (const token of tokens) {
    if (token.kind !== 'option') {
      others.push(token.kind === 'positional' ? token.value : '--');
      continue;
    }
    const flag = table.find(({ name }) => name === token.name);
    if (flag === undefined) throw new UsageError(`there is no flag ${token.rawName}; eddy ${command} --help lists them`);
    flags.set(flag.name, flagText(flag, token));
  }
  return { flags, others };
}

function flagText(
  { name, value }: Flag,
  token: { readonly value?: string | undefined; readonly inlineValue?: boolean | undefined },
): string {
  if (value === undefined) {
    if (token.value !== undefined) throw new UsageError(`--${name} is a switch and takes no value`);
    return '';
  }
  const looksLikeFlag = token.inlineValue !== true && /^-[^0-9]/.test(token.value ?? '');
  if (token.value === undefined || token.value === '' || looksLikeFlag) {
    throw new UsageError(`--${name} needs a value: --${name} ${value}`);
  }
  return token.value;
}

export function oneOf<Choice extends string>(name: string, choices: readonly Choice[], text: string): Choice {
  const choice = choices.find((known) => known === text);
  if (choice !== undefined) return choice;
  throw new UsageError(`--${name} is one of ${choices.join(', ')}, not ${JSON.stringify(text)}`);
}

export function number(name: string, text: string): number {
  if (/^[0-9]+(\.[0-9]+)?$/.test(text)) return Number(text);
  throw new UsageError(`--${name} is a number of 0 or more, not ${JSON.stringify(text)}`);
}

export function positive(name: string, text: string): number {
  const parsed = number(name, text);
  if (parsed > 0) return parsed;
  throw new UsageError(`--${name} must be more than 0`);
}

export function wholeNumber(name: string, text: string, min: number, max: number): number {
  const parsed = /^[0-9]+$/.test(text) ? Number(text) : -1;
  if (parsed >= min && parsed <= max) return parsed;
  throw new UsageError(`--${name} is a whole number from ${min} to ${max}, not ${JSON.stringify(text)}`);
}
