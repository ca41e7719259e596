import 'reflect-metadata'
import { randomBytes, webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { normalSerial } from '../identity/identity.ts'

/**
 * A private certificate authority for a pilot: makes keys and certificates, and knows nothing of files. The only
 * door to @peculiar/x509. The gateway itself never loads it: it reads certificates with node:tls.
 */

/** Texts in PEM. */
export type KeyPair = { readonly key: string; readonly cert: string }
export type Issued = KeyPair & { readonly serial: string; readonly notAfterMs: number }

/** What stands on a certificate: CN, O and OUs. `gateway/identity.ts` reads them back. */
export type Subject = { readonly name: string; readonly role: string; readonly fleets: readonly string[] }

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const dayMs = 86_400_000
/** A clock of a vehicle may be behind when its certificate is new. */
const backdatedMs = 3_600_000
export const authorityDays = 3650
/** Short-lived: what was stolen and never missed ends by itself. */
export const certificateDays = 90

x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0])

export async function makeAuthority(nowMs: number): Promise<KeyPair> {
  const keys = await generate()
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: [{ CN: ['Roadwarden pilot authority'] }],
    ...validity(nowMs, authorityDays),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  })
  return { key: await pemOf(keys.privateKey), cert: cert.toString('pem') }
}

export type Usage = { readonly use: 'client' } | { readonly use: 'server'; readonly host: string }

export async function issue(
  authority: KeyPair,
  subject: Subject,
  usage: Usage,
  nowMs: number,
  days = certificateDays,
): Promise<Issued> {
  const keys = await generate()
  const issuer = new x509.X509Certificate(authority.cert)
  const period = validity(nowMs, days)
  const cert = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: [
      { O: [subject.role] },
      ...subject.fleets.map((fleet) => ({ OU: [fleet] })),
      { CN: [subject.name] },
    ],
    issuer: issuer.subject,
    ...period,
    signingKey: await privateKeyOf(authority.key),
    publicKey: keys.publicKey,
    signingAlgorithm: algorithm,
    extensions: await extensionsOf(usage, keys.publicKey, issuer),
  })
  return {
    key: await pemOf(keys.privateKey),
    cert: cert.toString('pem'),
    serial: normalSerial(cert.serialNumber),
    notAfterMs: period.notAfter.getTime(),
  }
}

async function extensionsOf(
  usage: Usage,
  publicKey: webcrypto.CryptoKey,
  issuer: x509.X509Certificate,
): Promise<x509.Extension[]> {
  const purpose = usage.use === 'client' ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth
  const common = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([purpose]),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
    await x509.AuthorityKeyIdentifierExtension.create(issuer),
  ]
  return usage.use === 'client' ? common : [...common, alternativeNames(usage.host)]
}

/** An address is an address: names alone would not match when a terminal dials a number. */
function alternativeNames(host: string): x509.Extension {
  const isAddress = /^[\d.]+$/.test(host) || host.includes(':')
  const own = isAddress ? ({ type: 'ip', value: host } as const) : ({ type: 'dns', value: host } as const)
  return new x509.SubjectAlternativeNameExtension([own])
}

const validity = (nowMs: number, days: number): { notBefore: Date; notAfter: Date } => ({
  notBefore: new Date(nowMs - backdatedMs),
  notAfter: new Date(nowMs + days * dayMs),
})

/** 16 bytes of chance, positive and without a leading zero. */
function newSerial(): string {
  const bytes = randomBytes(16)
  bytes[0] = (bytes[0]! & 0x3f) | 0x40
  return bytes.toString('hex')
}

const generate = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')
}

async function privateKeyOf(pem: string): Promise<webcrypto.CryptoKey> {
  const [der] = x509.PemConverter.decode(pem)
  return webcrypto.subtle.importKey('pkcs8', der!, algorithm, false, ['sign'])
}
