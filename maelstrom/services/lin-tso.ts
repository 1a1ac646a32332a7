import { errorCode } from '../../src/wire/errors.ts';
import { errorReply } from './kv-request.ts';
import type { Service, ServiceReply } from './service.ts';

/** A linearizable oracle of timestamps: `{"type":"ts"}` brings 0, 1, 2, ..., each once. */
export class LinTso implements Service {
  #next = 0;

  handle(_client: string, { type }: Readonly<Record<string, unknown>>): ServiceReply {
    if (type !== 'ts') return errorReply(errorCode.notSupported, `there is no request ${JSON.stringify(type)}`);
    const ts = this.#next;
    this.#next += 1;
    return { type: 'ts_ok', ts };
  }
}
