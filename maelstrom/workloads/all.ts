import { linKv } from './lin-kv.ts';
import type { Workload } from './workload.ts';

/** Everything that can be asked for with `--workload`. */
export const workloads: readonly Workload[] = [linKv];
