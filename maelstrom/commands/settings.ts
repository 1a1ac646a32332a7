import { friendlyName, isCheckable, modelNames } from '../checkers/transactions/models.ts';
import type { Settings, Workload } from '../workloads/workload.ts';
import { UsageError, wholeNumber } from './flags.ts';
import type { Flag } from './flags.ts';

export const consistencyModelsFlag: Flag = {
  name: 'consistency-models',
  value: 'A,B,...',
  help: 'transactions: what they have to satisfy (default strict-serializable)',
};

/** For workloads that can be told more than every run can. */
export const settingsFlags: readonly Flag[] = [
  consistencyModelsFlag,
  { name: 'key-count', value: 'N', help: 'transactions: keys in use at any time (default 10)' },
  { name: 'max-txn-length', value: 'N', help: 'transactions: the most steps of one (default 4)' },
  { name: 'max-writes-per-key', value: 'N', help: 'transactions: after N writes a fresh key is taken (default 16)' },
];

const maxSetting = 1_000_000;

/** What the flags say; those that are not given are left out. */
export function parseSettings(flags: ReadonlyMap<string, string>): Settings {
  const count = (name: string) => {
    const text = flags.get(name);
    return text === undefined ? undefined : wholeNumber(name, text, 1, maxSetting);
  };
  const [keyCount, maxTxnLength, maxWritesPerKey] = [count('key-count'), count('max-txn-length'), count('max-writes-per-key')];
  const models = flags.get('consistency-models');
  return {
    ...(keyCount === undefined ? {} : { keyCount }),
    ...(maxTxnLength === undefined ? {} : { maxTxnLength }),
    ...(maxWritesPerKey === undefined ? {} : { maxWritesPerKey }),
    ...(models === undefined ? {} : { consistencyModels: parseModels(models) }),
  };
}

/** The workload with these settings. A `UsageError` where there are some and it takes none. */
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
      throw new UsageError(`--consistency-models knows no ${JSON.stringify(name)}; it knows ${checkableNames().join(', ')}`);
    }
    if (isCheckable(model)) return model;
    throw new UsageError(
      `--consistency-models: nothing that clients of transactions see tells whether ${name} holds; ` +
        `what can be told is ${checkableNames().join(', ')}`,
    );
  });
  return [...new Set(friendly)];
}

function checkableNames(): readonly string[] {
  return modelNames.filter((name) => isCheckable(name));
}
