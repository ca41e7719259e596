/** What became of what was said in a soak: the terminals' word and the officers' receipts against the journal. */
export type SoakEvidence = {
  /** `fleet/vehicle/stream/seq`: all that was sent, and what of it the gateway acknowledged. */
  readonly sent: ReadonlySet<string>
  readonly acknowledged: readonly string[]
  readonly journaled: readonly string[]
  readonly alerts: readonly Revision[]
  readonly officers: readonly {
    readonly name: string
    readonly fleet: string
    readonly heard: readonly Revision[]
  }[]
}
export type Revision = { readonly fleet: string; readonly id: string; readonly revision: number }
export type SoakVerdict = {
  readonly lost: readonly string[]
  readonly doubled: readonly string[]
  readonly foreign: readonly string[]
}

export const nameOf = ({ fleet, id, revision }: Revision): string => `${fleet}/${id}#${revision}`

export function judgeSoak({ sent, acknowledged, journaled, alerts, officers }: SoakEvidence): SoakVerdict {
  const there = new Set(journaled)
  const revisions = alerts.map(nameOf)
  return {
    lost: [
      ...acknowledged
        .filter((key) => !there.has(key))
        .map((key) => `${key} was acknowledged and is not there`),
      ...officers.flatMap(({ name, fleet, heard }) => {
        const received = new Set(heard.map(nameOf))
        const own = alerts.filter((alert) => alert.fleet === fleet).map(nameOf)
        return own.filter((one) => !received.has(one)).map((one) => `${one} never reached ${name}`)
      }),
    ],
    doubled: [...repeated(journaled), ...repeated(revisions)].map((one) => `${one} is there twice`),
    foreign: [
      ...journaled.filter((key) => !sent.has(key)).map((key) => `${key} was never sent`),
      ...officers.flatMap(({ name, fleet, heard }) =>
        heard.filter((one) => one.fleet !== fleet).map((one) => `${name} heard ${nameOf(one)}`),
      ),
    ],
  }
}

function repeated(names: readonly string[]): string[] {
  const seen = new Set<string>()
  return names.filter((name) => seen.has(name) || !seen.add(name))
}
