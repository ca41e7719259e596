/**
 * Where bytes come from. A port re-opens itself for ever (back-off with jitter) until it is closed; its user only
 * hears of bytes, of the line going up and of it going down. An unplugged line is news, not an error.
 */
export type PortListener = {
  /** Bytes as they came, cut anywhere. The buffer belongs to the listener. */
  readonly bytes: (bytes: Uint8Array) => void
  readonly up: () => void
  /** Told once for each time the line goes down, and once when the very first attempt to open it fails. */
  readonly down: (why: string) => void
}

export type Port = {
  /** The path as configured: a tty or `tcp://host:port`. */
  readonly path: string
  /** Bytes read since the start, for metrics. */
  readonly bytesRead: () => number
  /** Stops reading and re-opening; resolves when the device is released. */
  readonly close: () => Promise<void>
}

/** Opens a port. Answers at once; whether the line is there is told to the listener. */
export type OpenPort = (listener: PortListener) => Port
