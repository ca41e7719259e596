import type { Lane, PushedName, Severity } from './model.ts'

/** Topic names (design 9). No other file builds or takes apart a string with a slash in it. */

/** What an id may look like everywhere: it becomes a topic level, a file name and a client id. */
export const idPattern = /^[A-Za-z0-9_-]{1,64}$/

export const documents = ['ack', 'policy', 'route', 'areas', 'trip', 'command'] as const
/** Those that are put in force. */
export const pushedDocuments: readonly PushedName[] = ['policy', 'route', 'areas', 'trip']
export type DocumentName = (typeof documents)[number]
export const lanes: readonly Lane[] = ['alarm', 'telemetry', 'backfill']

export function upTopic(fleet: string, vehicle: string, lane: Lane): string {
  return `rw/v1/${fleet}/${vehicle}/up/${lane}`
}

export function downTopic(fleet: string, vehicle: string, document: DocumentName): string {
  return `rw/v1/${fleet}/${vehicle}/${document}`
}

export function alertTopic(fleet: string, severity: Severity, kind: string, vehicle: string): string {
  return `alerts/v1/${fleet}/${severity}/${kind}/${vehicle}`
}

export function alertJsonTopic(fleet: string, severity: Severity, kind: string, vehicle: string): string {
  return `alerts-json/v1/${fleet}/${severity}/${kind}/${vehicle}`
}

export function stateTopic(fleet: string, vehicle: string): string {
  return `state/v1/${fleet}/${vehicle}`
}

/** What officers did about the alerts of a vehicle. */
export function caseTopic(fleet: string, vehicle: string): string {
  return `cases/v1/${fleet}/${vehicle}`
}

export type UpTopic = { readonly fleet: string; readonly vehicle: string; readonly lane: Lane }

/** The parts of a terminal's topic; null when it is not exactly one. */
export function parseUpTopic(topic: string): UpTopic | null {
  const [rw, v1, fleet, vehicle, up, lane, ...rest] = topic.split('/')
  if (rw !== 'rw' || v1 !== 'v1' || up !== 'up' || rest.length > 0) return null
  if (fleet === undefined || !idPattern.test(fleet) || vehicle === undefined || !idPattern.test(vehicle))
    return null
  const known = lanes.find((name) => name === lane)
  return known === undefined ? null : { fleet, vehicle, lane: known }
}

/** The document a terminal's down topic carries; null when the topic is not one of that vehicle's. */
export function parseDownTopic(topic: string, fleet: string, vehicle: string): DocumentName | null {
  const prefix = `rw/v1/${fleet}/${vehicle}/`
  if (!topic.startsWith(prefix)) return null
  const name = topic.slice(prefix.length)
  return documents.find((document) => document === name) ?? null
}

export function clientIdOf(fleet: string, vehicle: string): string {
  return `${fleet}.${vehicle}`
}

/** Fleet and vehicle of a terminal's client id; null when it is not one. */
export function parseClientId(clientId: string): { fleet: string; vehicle: string } | null {
  const [fleet, vehicle, ...rest] = clientId.split('.')
  if (rest.length > 0 || fleet === undefined || vehicle === undefined) return null
  return idPattern.test(fleet) && idPattern.test(vehicle) ? { fleet, vehicle } : null
}
