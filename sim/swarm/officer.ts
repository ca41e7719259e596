import type { Journal } from '../../gateway/journal.ts'
import type { Alert } from '../../proto/model.ts'
import type { Receipt } from '../invariants.ts'

/**
 * An officer's feed: live while connected, by cursor after having been away. It asks for the alerts of its fleet and for
 * everybody's, and writes down whatever it is given: who may hear what is the gateway's to know.
 */
export class SimOfficer {
  readonly receipts: Receipt[] = []
  readonly fleet: string
  readonly filters: readonly string[]
  readonly #name: string
  #cursor = 0
  #away = false
  /** Something may have been missed: what comes live does not move the cursor until the hole is closed. */
  #behind = false

  constructor(name: string, fleet: string) {
    this.#name = name
    this.fleet = fleet
    this.filters = [`alerts-json/v1/${fleet}/#`, 'alerts-json/v1/+/#', 'alerts-json/#']
  }

  get away(): boolean {
    return this.#away
  }

  leave(): void {
    this.#away = true
    this.#behind = true
  }

  comeBack(journal: Journal | null): void {
    this.#away = false
    if (journal !== null) this.catchUp(journal)
  }

  /** The connection ended with the gateway. */
  disconnected(): void {
    this.#behind = true
  }

  hear(payload: Uint8Array): void {
    if (this.#away) return
    this.#take(JSON.parse(Buffer.from(payload).toString('utf8')) as Alert)
  }

  /** After a connection was lost: everything above the last cursor that was read without a hole. */
  catchUp(journal: Journal): void {
    if (this.#away) return
    this.#behind = false
    void journal.alertsAfter(this.#cursor, 1_000_000, this.fleet).then((alerts) => {
      for (const alert of alerts) this.#take(alert)
    })
  }

  #take({ id, revision, fleet, cursor }: Alert): void {
    if (!this.#behind) this.#cursor = Math.max(this.#cursor, cursor)
    const officerFleets = [this.fleet]
    this.receipts.push({ id, revision, fleet, officer: this.#name, officerFleets })
  }
}
