import path from 'node:path'
import { parseArgs } from 'node:util'
import { BadInput } from '../../proto/problem.ts'
import { clientIdOf, idPattern } from '../../proto/topics.ts'
import { normalSerial, officerName, type Role, roles } from '../identity/identity.ts'
import { hashOf, passwordMin } from '../identity/passwords.ts'
import { certificateDays, type Issued, issue, makeAuthority, type Subject, type Usage } from './authority.ts'
import {
  issuedIn,
  noteIssued,
  openFolder,
  revokedFile,
  revokedIn,
  writeRevoked,
  writeSecret,
  writeWhole,
} from './folder.ts'

/** `enroll` and `revoke`: the pilot's authority on the command line. One JSON line on stdout says what was done. */

const usage = `usage: enroll vehicle FLEET VEHICLE DIR | enroll officer NAME --fleets a,b --role ${roles.join('|')} DIR | enroll gateway HOST DIR | enroll password NAME [--fleets a,b --role ROLE] < FILE | revoke SERIAL|NAME DIR; certificates take --days N`

type Options = {
  readonly fleets: string[]
  readonly role: Role
  readonly days: number
  readonly from: string
}

export async function administer(argv: readonly string[], from: string): Promise<void> {
  const { words, options } = argumentsOf(argv, from)
  const [verb, what, ...rest] = words
  if (verb === 'revoke') return say(revoke(words.slice(1), options))
  if (what === 'vehicle') return say(await vehicle(rest, options))
  if (what === 'officer') return say(await officer(rest, options))
  if (what === 'gateway') return say(await gateway(rest, options))
  if (what === 'password') return say(await password(rest, options))
  throw new BadInput(usage)
}

function argumentsOf(argv: readonly string[], from: string): { words: string[]; options: Options } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { fleets: { type: 'string' }, role: { type: 'string' }, days: { type: 'string' } },
    })
    const role = roles.find((known) => known === (values.role ?? 'officer'))
    const days = Number(values.days ?? certificateDays)
    if (role === undefined) throw new BadInput(`--role: one of ${roles.join(', ')}`)
    if (!Number.isInteger(days) || days < 1 || days > 825)
      throw new BadInput('--days: a whole number from 1 to 825')
    const fleets = values.fleets?.split(',') ?? []
    for (const fleet of fleets) id(fleet, '--fleets')
    return { words: positionals, options: { fleets, role, days, from } }
  } catch (error) {
    throw error instanceof BadInput ? error : new BadInput(usage)
  }
}

async function vehicle(words: readonly string[], options: Options): Promise<object> {
  const [fleet, name, dir] = exactly(words, 3)
  const clientId = clientIdOf(id(fleet!, 'FLEET'), id(name!, 'VEHICLE'))
  return certify(dir!, { name: clientId, role: 'terminal', fleets: [fleet!] }, { use: 'client' }, options)
}

async function officer(words: readonly string[], options: Options): Promise<object> {
  const [name, dir] = exactly(words, 2)
  if (!officerName.test(name!)) throw new BadInput('NAME: letters, digits, _ . @ and -, at most 64')
  const { fleets, role } = options
  if (fleets.length === 0) throw new BadInput('--fleets: missing; the fleets the officer may see, by comma')
  return certify(dir!, { name: name!, role, fleets }, { use: 'client' }, options)
}

async function gateway(words: readonly string[], options: Options): Promise<object> {
  const [host, dir] = exactly(words, 2)
  if (!/^[A-Za-z0-9.:-]{1,253}$/.test(host!))
    throw new BadInput('HOST: the name or address that terminals dial')
  return certify(dir!, { name: host!, role: 'gateway', fleets: [] }, { use: 'server', host: host! }, options)
}

async function certify(dir: string, subject: Subject, usage: Usage, options: Options): Promise<object> {
  const folder = path.resolve(options.from, dir)
  const nowMs = Date.now()
  const authority = await openFolder(folder, () => makeAuthority(nowMs))
  const issued: Issued = await issue(authority, subject, usage, nowMs, options.days)
  const file = path.join(folder, subject.name.replaceAll(':', '_'))
  const notAfter = new Date(issued.notAfterMs).toISOString()
  noteIssued(folder, { serial: issued.serial, ...subject, fleets: [...subject.fleets], notAfter })
  letInAgain(folder, subject.name)
  writeSecret(`${file}.key`, issued.key)
  writeWhole(`${file}.crt`, issued.cert)
  return {
    kind: 'enrolled',
    ...subject,
    serial: issued.serial,
    notAfter,
    ...{ key: `${file}.key`, cert: `${file}.crt`, ca: path.join(folder, 'authority.crt') },
  }
}

/** A new certificate for a name that was revoked: the name is good again, the certificates it had are not. */
function letInAgain(folder: string, name: string): void {
  const { serials, names } = revokedIn(folder)
  if (names.includes(name)) writeRevoked(folder, { serials, names: names.filter((one) => one !== name) })
}

/** A line for the users file. The password comes on stdin, so that it is in no history and no list of processes. */
async function password(words: readonly string[], { fleets, role }: Options): Promise<object> {
  const [name] = exactly(words, 1)
  if (!officerName.test(name!)) throw new BadInput('NAME: letters, digits, _ . @ and -, at most 64')
  const typed = await firstLine()
  if (typed.length < passwordMin)
    throw new BadInput(`the password on stdin is shorter than ${passwordMin} characters; give a longer one`)
  return {
    name: name!,
    hash: await hashOf(typed),
    fleets: Object.fromEntries(fleets.map((fleet) => [fleet, role])),
  }
}

/** A serial number, or a name: every certificate and password under that name. */
function revoke(words: readonly string[], { from }: Options): object {
  const [who, dir] = exactly(words, 2)
  const folder = path.resolve(from, dir!)
  const serial = normalSerial(who!)
  const issued = issuedIn(folder)
  const before = revokedIn(folder)
  const bySerial = issued.some((one) => one.serial === serial)
  const byName = issued.some(({ name }) => name === who) || officerName.test(who!)
  if (!bySerial && !byName)
    throw new BadInput(`${folder}: nothing was issued under ${who!.slice(0, 64)}; look into issued.json`)
  const { serials, names } = before
  const theirs = bySerial ? [serial] : issued.filter(({ name }) => name === who).map((one) => one.serial)
  const after = {
    serials: [...new Set([...serials, ...theirs])],
    names: bySerial ? names : [...new Set([...names, who!])],
  }
  writeRevoked(folder, after)
  return {
    kind: 'revoked',
    by: bySerial ? 'serial' : 'name',
    of: bySerial ? serial : who!,
    list: revokedFile(folder),
  }
}

function exactly(words: readonly string[], count: number): readonly string[] {
  if (words.length !== count) throw new BadInput(usage)
  return words
}

function id(text: string, what: string): string {
  if (!idPattern.test(text)) throw new BadInput(`${what}: letters, digits, _ and -, at most 64`)
  return text
}

async function firstLine(): Promise<string> {
  let text = ''
  for await (const chunk of process.stdin) {
    text += String(chunk)
    if (text.includes('\n') || text.length > 4096) break
  }
  return text.split('\n')[0]!.replace(/\r$/, '')
}

const say = (what: object): void => {
  process.stdout.write(`${JSON.stringify(what)}\n`)
}
