import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { BadInput } from '../proto/problem.ts'
import { type SignedDocument, signedText } from '../proto/signed-document.ts'
import { readInput } from './files.ts'

/** Whether a document comes from the gateway whose public key this terminal was given. */

const pemHead = '-----BEGIN'

export const isPem = (text: string): boolean => text.startsWith(pemHead)

/** The key itself, or the file that holds it; BadInput when it is not an Ed25519 one. */
export function readPublicKey(configured: string, config: string): KeyObject {
  const pem = isPem(configured) ? configured : readInput(configured).toString('utf8')
  let key: KeyObject
  try {
    key = createPublicKey(pem)
  } catch {
    throw new BadInput(`${config}: gateway.publicKey: not a public key; give the PEM that the gateway wrote`)
  }
  if (key.asymmetricKeyType === 'ed25519') return key
  throw new BadInput(`${config}: gateway.publicKey: an ${key.asymmetricKeyType} key; it must be Ed25519`)
}

/** Why a document cannot be believed; null when it can, or when no key was given to check it by. */
export function signatureTrouble(
  key: KeyObject | null,
  document: SignedDocument,
  signature: Uint8Array | undefined,
): string | null {
  if (key === null) return null
  if (signature === undefined || signature.length === 0) return 'not signed'
  const good = verify(null, Buffer.from(signedText(document)), key, signature)
  return good ? null : 'the signature is not the gateway’s'
}
