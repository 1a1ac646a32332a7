import { counter } from './counter/service.ts';
import { kv } from './kv/service.ts';
import type { Service } from './service.ts';

/** Every service that a node can be started with. The first is the default. */
export const services: readonly [Service, ...Service[]] = [kv, counter];

/** The names of all services, as a help text lists them. */
export const serviceNames: string = services.map(({ name }) => name).join(' or ');

/** The service of this name; undefined where there is none. */
export function serviceNamed(wanted: string): Service | undefined {
  return services.find(({ name }) => name === wanted);
}
