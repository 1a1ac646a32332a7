import { parseArgs } from 'node:util';

/** The command line is wrong; the message says what to write instead. */
export class UsageError extends Error {}

export interface Flag {
  readonly name: string;
  readonly short?: string;
  /** How its value is called in the help; a flag without one is a switch. */
  readonly value?: string;
  readonly help: string;
}

export function flagHelp({ name, short, value, help }: Flag): string {
  const names = `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
  return `  ${names.padEnd(28)} ${help}`;
}

/** Flag name to its text, for a command that takes nothing but flags. */
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

/** The arguments of a command. `flags` leads from a name to its text; a switch has the empty one. */
export interface Arguments {
  readonly flags: ReadonlyMap<string, string>;
  /** What belongs to no flag, in order. */
  readonly others: readonly string[];
}

/** Tells flags from what is none; the last one wins where a flag is repeated. Throws a `UsageError`. */
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
