import { roadwarden } from '../generated/roadwarden.js'
import type { DocumentPart } from '../model.ts'
import { check, type Decoded, guarded, int, sha256Pattern, whole } from './wire.ts'

const v1 = roadwarden.v1

export function encodeDocumentPart(part: DocumentPart): Uint8Array {
  return v1.DocumentPart.encode({ ...part, version: whole(part.version, 'version') }).finish()
}

export function decodeDocumentPart(bytes: Uint8Array): Decoded<DocumentPart> {
  return guarded(bytes, 70 * 1024, () => {
    const message = v1.DocumentPart.decode(bytes)
    check(sha256Pattern.test(message.digest), 'digest is not a SHA-256')
    check(
      message.parts >= 1 && message.parts <= 4096 && message.part < message.parts,
      'part is not one of parts',
    )
    return {
      version: int(message.version, 'version'),
      digest: message.digest,
      part: message.part,
      parts: message.parts,
      content: message.content.slice(),
      signature: message.signature.slice(),
    }
  })
}
