import { Random } from '../../src/index.ts';
import { errorCode } from '../../src/wire/errors.ts';
import { errorReply } from './kv-request.ts';
import { LinKv } from './lin-kv.ts';
import { LinTso } from './lin-tso.ts';
import { LwwKv } from './lww-kv.ts';
import type { ServiceName } from './names.ts';
import { SeqKv } from './seq-kv.ts';
import type { Service, ServiceReply } from './service.ts';

/** The services of one run. What they leave to chance is drawn from the seed. */
export class Services {
  readonly #services: Readonly<Record<ServiceName, Service>>;

  constructor(random: Random) {
    const ownRandom = () => new Random(random.integer(2 ** 32));
    this.#services = {
      'lin-kv': new LinKv(),
      'seq-kv': new SeqKv(ownRandom()),
      'lww-kv': new LwwKv(ownRandom()),
      'lin-tso': new LinTso(),
    };
  }

  /** The body of the answer to a request that arrives now. `body` is what a program under test wrote. */
  handle(name: ServiceName, client: string, body: unknown): Answer {
    if (!isObject(body)) return errorReply(errorCode.malformedRequest, 'a body is an object');
    const { msg_id: asked } = body;
    const reply = this.#services[name].handle(client, body);
    return typeof asked === 'number' ? { ...reply, in_reply_to: asked } : reply;
  }
}

export type Answer = ServiceReply & { readonly in_reply_to?: number };

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
