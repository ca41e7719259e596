// Completes package-lock.json after `npm install`. Where a registry does not carry a package's builds for other
// platforms, npm leaves them out of the lock file, and `npm ci` then refuses the file as incomplete. What is added
// here is never fetched on our platforms: name, version and the platform it is for.
import { readFileSync, writeFileSync } from 'node:fs'

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8'))
const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32', 'wasm32']
const processors = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'ppc64',
  'riscv64',
  's390x',
  'x64',
  'wasm32',
  'mips64el',
]

function platformOf(name) {
  const parts = name.split('/').at(-1).split('-')
  const os = systems.find((system) => parts.includes(system))
  const cpu = processors.find((processor) => parts.includes(processor))
  if (os === undefined || cpu === undefined) return null
  const libc = parts.some((part) => part.startsWith('musl'))
    ? ['musl']
    : parts.some((part) => part.startsWith('gnu'))
      ? ['glibc']
      : null
  return { os: [os], cpu: [cpu], ...(libc === null || os !== 'linux' ? {} : { libc }) }
}

/** Where Node would find the package from another: the nearest folder upwards that has it. */
function resolved(from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const key = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`
    if (lock.packages[key] !== undefined) return lock.packages[key]
    if (folder === '' || !folder.includes('/node_modules/')) return lock.packages[`node_modules/${name}`]
  }
}

let added = 0
for (const [path, entry] of Object.entries({ ...lock.packages })) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const platform = platformOf(name)
    if (platform === null || !/^\d/.test(version) || resolved(path, name)?.version === version) continue
    const top = `node_modules/${name}`
    const key = lock.packages[top] === undefined ? top : `${path}/${top}`
    lock.packages[key] = {
      version,
      ...(entry.dev === true ? { dev: true } : {}),
      optional: true,
      ...platform,
    }
    added++
  }
}
const [root, ...rest] = Object.keys(lock.packages)
lock.packages = Object.fromEntries([root, ...rest.sort()].map((key) => [key, lock.packages[key]]))
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
process.stdout.write(`${added} builds for other platforms added\n`)
