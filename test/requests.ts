import type { Json } from '../src/services/json.ts';
import type { ClientRequest } from '../src/stdio/client-bodies.ts';
import type { PeerRequestBody, Unnumbered } from '../src/wire/peer-bodies.ts';

/** What a client asks of the key-value service. */
type KvRequest =
  | { readonly type: 'read' | 'delete'; readonly key: Json }
  | { readonly type: 'write'; readonly key: Json; readonly value: Json }
  | {
      readonly type: 'cas';
      readonly key: Json;
      readonly from: Json;
      readonly to: Json;
      readonly create_if_not_exists?: boolean;
    };

/** Every request that a test may send to a node, without its number. */
export type RequestBody = PeerRequestBody | Unnumbered<ClientRequest> | KvRequest;
