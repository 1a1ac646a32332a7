/**
 * Every body of the wire: the types, inferred from the schemas, and the schema of a type.
 */
import { clientReplies, clientRequests } from './client-bodies.ts';
import { peerReplies, peerRequests } from './peer-bodies.ts';
import { describer } from './schema.ts';
import type { BodyOf } from './schema.ts';

/** A request as it is received, `msg_id` included. */
export type ReceivedClientRequest = BodyOf<typeof clientRequests>;
export type ReceivedPeerRequest = BodyOf<typeof peerRequests>;
export type ReceivedRequest = ReceivedClientRequest | ReceivedPeerRequest;

/** A reply as it is received, `in_reply_to` included; an error is one. */
export type ReceivedReply = BodyOf<typeof clientReplies> | BodyOf<typeof peerReplies>;

/** A body before it is sent: the numbers that tell messages apart are given by whoever sends it. */
export type RequestBody = Unnumbered<ReceivedRequest>;
export type ReplyBody = Unnumbered<ReceivedReply>;

type Unnumbered<Body> = Body extends unknown ? Omit<Body, 'msg_id' | 'in_reply_to'> : never;

export const describeRequest = describer<ReceivedRequest>({ ...clientRequests, ...peerRequests });
export const describeReply = describer<ReceivedReply>({ ...clientReplies, ...peerReplies });

/** Whether a request is one that only nodes of one cluster send each other. */
export function isPeerRequest(body: ReceivedRequest): body is ReceivedPeerRequest {
  return Object.hasOwn(peerRequests, body.type);
}
