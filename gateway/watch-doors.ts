import type { Renewed } from './doors.ts'
import { readText } from './files.ts'
import { type Doorkeeper, stampOf } from './identity/doorkeeper.ts'
import type { TlsFiles } from './listen.ts'
import type { Log } from './log.ts'

/** Who may be here, and with which certificates the doors are shown, looked at again while the gateway runs. */

/** A list or a certificate that changed holds within so long, for live sessions too. */
export const watchMs = 1000

/** Names of files, per door; undefined: no TLS there. */
export type DoorFiles = { readonly [door in keyof Renewed]: TlsFiles | undefined }

export type WatchDeps = {
  readonly files: DoorFiles
  readonly doorkeeper: Pick<Doorkeeper, 'refresh'>
  /** Ends the sessions of whoever lost the right to be here; with new certificates where those changed. */
  readonly renew: (files?: Renewed) => void
  readonly log: Pick<Log, 'info' | 'warn'>
}

export function watchDoors({ files, doorkeeper, renew, log }: WatchDeps): NodeJS.Timeout {
  const named = Object.values(files).flatMap((tls) => (tls === undefined ? [] : Object.values(tls)))
  const stamps = (): string => named.map(stampOf).join(' ')
  let known = stamps()
  return setInterval(() => {
    try {
      const lists = doorkeeper.refresh()
      const seen = stamps()
      if (!lists && seen === known) return
      renew(seen === known ? undefined : read(files))
      known = seen
      log.info('doors-renewed')
    } catch (error) {
      log.warn('doors-kept', { reason: error instanceof Error ? error.message : String(error) })
    }
  }, watchMs)
}

const read = (files: DoorFiles): Renewed => ({
  ingest: pem(files.ingest),
  alerts: pem(files.alerts),
  http: pem(files.http),
})

export const pem = (files: TlsFiles | undefined): TlsFiles | null =>
  files === undefined
    ? null
    : { cert: readText(files.cert), key: readText(files.key), ca: readText(files.ca) }
