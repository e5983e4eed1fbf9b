/** What every connector shares: rows in, numbered and signed events out, nothing lost and nothing doubled on the way. */
export type * from './source.js'
export { openPublisher } from './publisher.js'
export type { MarkChanges, NewEvent, Publisher, PublisherOptions } from './publisher.js'
export { Exchange, systemGround } from './exchange.js'
export type { ExchangeOptions, Ground } from './exchange.js'
export { follow } from './follow.js'
export type { FollowOptions, FollowOutcome, Translate } from './follow.js'
