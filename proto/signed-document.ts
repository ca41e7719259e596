import type { DocumentName } from './topics.ts'

/**
 * The text that a gateway signs (Ed25519) and a terminal checks. It names the vehicle and the document beside the
 * digest of its content, so that what was signed for one can be shown to no other, and the version, so that it
 * cannot be passed off as a newer one.
 */
export type SignedDocument = {
  readonly fleet: string
  readonly vehicle: string
  readonly name: DocumentName
  readonly version: number
  /** Hex SHA-256 of the whole content. */
  readonly digest: string
}

export function signedText({ fleet, vehicle, name, version, digest }: SignedDocument): string {
  return `roadwarden document v1\n${fleet}\n${vehicle}\n${name}\n${version}\n${digest}\n`
}
