/**
 * What a terminal leaves out, counted by reason, and how long its work takes. The names stand here, so that nothing is
 * counted under a name that the README does not explain.
 */
export const rejected = {
  gnss: ['noise', 'badChecksum', 'truncated', 'malformed', 'overflow', 'jump'],
  can: ['noise', 'badChecksum', 'truncated', 'malformed', 'overflow'],
  peripheral: ['noise', 'badChecksum', 'truncated', 'malformed', 'overflow'],
  gateway: ['topic', 'ack', 'part', 'document', 'command', 'stored'],
} as const
export type Rejected = { readonly [D in keyof typeof rejected]: (typeof rejected)[D][number] }

export const dropped = {
  findings: ['unsaved-full', 'unsealable'],
  records: ['unsaved-full', 'unsealable'],
  samples: ['disk'],
  'dead-letters': ['bound'],
} as const
export type Dropped = { readonly [W in keyof typeof dropped]: (typeof dropped)[W][number] }

/** Bodies kept in memory while the disk refuses. */
export const unsavedMax = 2000
/** An hour of a receiver at 1 Hz: Samples kept while the disk refuses. */
export const pendingSamplesMax = 3600
/** Envelopes that the gateway refused, kept for a person: the oldest go. */
export const deadLettersMax = 1000

export type Tally = {
  readonly rejected: <D extends keyof Rejected>(door: D, reason: Rejected[D]) => void
  readonly dropped: <W extends keyof Dropped>(what: W, reason: Dropped[W]) => void
  /** Bodies that wait in memory for the disk. */
  readonly unsaved: (bodies: number) => void
  /** One Sample went through all detectors. */
  readonly detected: (seconds: number) => void
}

export const noTally: Tally = {
  rejected: () => {},
  dropped: () => {},
  unsaved: () => {},
  detected: () => {},
}
