/**
 * The way out. A link connects again for ever until it is closed; its user hears when it is up (connected and
 * subscribed) and when it is down. What was published and not acknowledged when it went down has failed.
 */
export type LinkListener = {
  readonly up: () => void
  /** Told once for each time the link goes down, and for each attempt that fails. */
  readonly down: (why: string) => void
  readonly message: (topic: string, payload: Uint8Array) => void
}

export type Link = {
  readonly isUp: () => boolean
  /**
   * At least once: resolves when the broker has acknowledged, rejects when the link went down before. Always
   * settles. Rejects at once when the link is not up.
   */
  readonly publish: (topic: string, payload: Uint8Array) => Promise<void>
  readonly close: () => Promise<void>
}

/** Answers at once; whether there is a connection is told to the listener. */
export type OpenLink = (listener: LinkListener) => Link
