import { friendlyName, isCheckable, modelNames } from '../checkers/transactions/models.ts';
import type { Settings, Workload } from '../workloads/workload.ts';
import { UsageError, wholeNumber } from './flags.ts';
import type { Flag } from './flags.ts';

export const consistencyModelsFlag: Flag = {
  name: 'consistency-models',
  value: 'A,B,...',
  help: 'transactions: the consistency models that they have to satisfy (default strict-serializable)',
};

/** Flags for the workloads of transactions only. */
export const settingsFlags: readonly Flag[] = [
  consistencyModelsFlag,
  { name: 'key-count', value: 'N', help: 'transactions: how many keys are in use at a time (default 10)' },
  { name: 'max-txn-length', value: 'N', help: 'transactions: how many steps one has at most (default 4)' },
  { name: 'max-writes-per-key', value: 'N', help: 'transactions: after N writes to a key a new key takes its place (default 16)' },
];

const maxSetting = 1_000_000;

/** The settings that the flags give. A flag that is not given leaves its setting out. Throws a `UsageError`. */
export function parseSettings(flags: ReadonlyMap<string, string>): Settings {
  const count = (name: string) => {
    const text = flags.get(name);
    return text === undefined ? undefined : wholeNumber(name, text, 1, maxSetting);
  };
  const keyCount = count('key-count');
  const maxTxnLength = count('max-txn-length');
  const maxWritesPerKey = count('max-writes-per-key');
  const models = flags.get('consistency-models');
  return {
    ...(keyCount === undefined ? {} : { keyCount }),
    ...(maxTxnLength === undefined ? {} : { maxTxnLength }),
    ...(maxWritesPerKey === undefined ? {} : { maxWritesPerKey }),
    ...(models === undefined ? {} : { consistencyModels: parseModels(models) }),
  };
}

/** The workload with these settings. Throws a `UsageError` where there are settings and the workload takes none. */
export function configured(workload: Workload, settings: Settings): Workload {
  if (Object.keys(settings).length === 0) return workload;
  if (workload.configured !== undefined) return workload.configured(settings);
  const names = settingsFlags.map(({ name }) => `--${name}`).join(', ');
  throw new UsageError(`${names} are for workloads of transactions, and ${workload.name} is none`);
}

function parseModels(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  const friendly = names.map((name) => {
    const model = friendlyName(name.replace(/^:/, ''));
    if (model === undefined) {
      const known = checkableNames().join(', ');
      throw new UsageError(`--consistency-models knows no ${JSON.stringify(name)}; it knows ${known}`);
    }
    if (isCheckable(model)) return model;
    throw new UsageError(
      `--consistency-models: what clients of transactions see cannot show whether ${name} holds; ` +
        `what can be checked is ${checkableNames().join(', ')}`,
    );
  });
  return [...new Set(friendly)];
}

function checkableNames(): readonly string[] {
  return modelNames.filter((name) => isCheckable(name));
}
