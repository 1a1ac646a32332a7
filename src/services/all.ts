import { counter } from './counter/service.ts';
import { kv } from './kv/service.ts';
import type { Service } from './service.ts';

/** All services that a node can be started with. The first is the default. */
export const services: readonly [Service, ...Service[]] = [kv, counter];

/** The names of all services, as a help text lists them. */
export const serviceNames: string = services.map(({ name }) => name).join(' or ');

/** The service with this name. Undefined if there is none. */
export function serviceNamed(wanted: string): Service | undefined {
  return services.find(({ name }) => name === wanted);
}
