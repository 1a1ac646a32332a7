import { playedCounter } from './counter.ts';
import { playedKv } from './kv.ts';
import type { PlayedService } from './played-service.ts';

/** Every service that `eddy sim` can play. */
export const playedServices = { kv: playedKv, counter: playedCounter } as const satisfies Readonly<Record<string, PlayedService>>;

export const serviceNames = ['kv', 'counter'] as const;
export type ServiceName = (typeof serviceNames)[number];
