import type { PeerCertificate } from 'node:tls'
import { idPattern, parseClientId } from '../../proto/topics.ts'

/**
 * Who somebody is. Pure. A terminal's certificate has O = `terminal` and CN = its client id; an officer's has
 * O = role, CN = name and one OU per fleet. Nothing a peer says later adds to it.
 */

export const roles = ['officer', 'supervisor', 'admin', 'provider', 'auditor', 'authority'] as const
export type Role = (typeof roles)[number]

export type Officer = {
  readonly is: 'officer'
  readonly name: string
  /** What the officer is in each fleet; null on loopback, where nobody was asked: all of this gateway. */
  readonly grants: ReadonlyMap<string, Role> | null
  /** Serial number of the certificate; null: password, or loopback. */
  readonly serial: string | null
  /** When the certificate ends. */
  readonly untilMs: number | null
  /** The hash the password was checked against. */
  readonly hash?: string
}
export type Identity =
  /** Loopback: whoever it is, it is on this machine. */
  | { readonly is: 'anybody' }
  /** No certificate was shown: a name and a password are still to come. */
  | { readonly is: 'unnamed'; readonly address: string }
  | { readonly is: 'terminal'; readonly clientId: string; readonly serial: string; readonly untilMs: number }
  | Officer

export const anybody: Identity = { is: 'anybody' }

/** What officers may be called: it becomes the beginning of client ids and stands in logs. */
export const officerName = /^[A-Za-z0-9_.@-]{1,64}$/

/** Null when the certificate is not one of ours to let in, whoever signed it. */
export function identityOf(certificate: PeerCertificate): Identity | null {
  const { subject, serialNumber } = certificate
  const untilMs = Date.parse(certificate.valid_to)
  if (subject === undefined || serialNumber === undefined) return null
  const name = only(subject.CN)
  const role = only(subject.O)
  if (name === null || role === null) return null
  const serial = normalSerial(serialNumber)
  if (role === 'terminal')
    return parseClientId(name) === null ? null : { is: 'terminal', clientId: name, serial, untilMs }
  const known = roles.find((one) => one === role)
  const fleets = [subject.OU ?? []].flat() as string[]
  if (known === undefined || !officerName.test(name) || fleets.some((fleet) => !idPattern.test(fleet)))
    return null
  return { is: 'officer', name, grants: new Map(fleets.map((fleet) => [fleet, known])), serial, untilMs }
}

/** Two common names are one too many to say who somebody is. */
const only = (value: string | string[] | undefined): string | null =>
  typeof value === 'string' ? value : null

/** Serial numbers as everybody compares them: hex, upper case, without leading zeros. */
export const normalSerial = (serial: string): string => serial.toUpperCase().replace(/^0+(?=.)/, '')

/** The name that stands in a list of revoked ones. */
export const nameOf = (identity: Identity): string | null =>
  identity.is === 'terminal' ? identity.clientId : identity.is === 'officer' ? identity.name : null

export const serialOf = (identity: Identity): string | null =>
  identity.is === 'terminal' || identity.is === 'officer' ? identity.serial : null
