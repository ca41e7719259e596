/**
 * Every reason for which a gateway refuses somebody or something, as `refused_total` counts it. What each of them asks of
 * whoever runs the gateway stands in the README, and a test holds the two together.
 */
export const refusedReasons = [
  // Before a handshake, and in it.
  'accept-rate',
  'banned-address',
  'too-many-connections',
  'tls',
  'certificate',
  'websocket',
  'foreign-page',
  'connect-timeout',
  // Who it is.
  'not-a-terminal-id',
  'not-a-terminal',
  'not-its-certificate',
  'unknown-terminal',
  'not-an-officer',
  'too-many-passwords',
  'not-its-client-id',
  'login-failed',
  'revoked',
  'banned',
  'flapping',
  'taken-over-too-often',
  // What may be said and heard.
  'will',
  'foreign-topic',
  'officer-published',
  'denied-filter',
  'too-many-filters',
  'too-many-holes',
  // What waits for somebody.
  'reads-too-slowly',
  'offline-queue-full',
  'session-forgotten',
  // What is no MQTT, or none that is spoken here.
  'not-connected',
  'second-connect',
  'bad-protocol',
  'bad-protocol-level',
  'bad-packet-type',
  'bad-length',
  'bad-flags',
  'bad-will',
  'bad-utf8',
  'bad-filter',
  'bad-puback',
  'packet-id-zero',
  'control-character',
  'empty-client-id',
  'empty-topic',
  'wildcard-in-topic',
  'no-filter',
  'qos-3',
  'cut-inside-packet',
  'qos-2',
  'too-large',
  'payload-too-large',
  'topic-too-long',
  'too-many-levels',
  // What the broker behind says.
  'client-error',
  'connection-error',
  'broker-error',
] as const
export type RefusedReason = (typeof refusedReasons)[number]

/** Counts it, once or so often. */
export type Refused = (reason: RefusedReason, by?: number) => void
