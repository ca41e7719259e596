import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { asksForHelp } from '../proto/usage.ts'

/**
 * `npm run build`: `dist/terminal/`, a folder that runs on a vehicle without anything else: one file of program, the
 * serial port's native binding and the pinned Node for each processor that is installed here, a unit, a configuration
 * to fill in.
 */
const root = resolve(import.meta.dirname, '..')
const target = join(root, 'dist/terminal')
const processors = ['x64', 'arm64'] as const

/** Packages call `debug` per frame and per packet although nobody listens. */
const noDebug = `const none = Object.assign(() => {}, { enabled: false, extend: () => none, destroy: () => true })
const make = Object.assign(() => none, { enable: () => {}, disable: () => '', enabled: () => false, formatters: {} })
module.exports = Object.assign(make, { default: make, debug: make })
`

/**
 * Memory before speed: the terminal waits for bytes most of its time, so code that is never optimised costs it nothing
 * that can be measured, and the pages of the compiler stay on the disk. Figures are in CHANGELOG.md.
 */
const nodeOptions = [
  '--max-semi-space-size=4',
  '--max-old-space-size=64',
  '--no-opt',
  '--no-maglev',
  '--optimize-for-size',
  '--v8-pool-size=0',
  '--single-threaded-gc',
  '--disable-warning=DEP0169',
].join(' ')

const launcher = `#!/bin/sh
# Starts the terminal with the Node that lies beside it.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
case "$(uname -m)" in
  x86_64) processor=x64 ;;
  aarch64) processor=arm64 ;;
  *) echo "no Node for $(uname -m) in $here/node" >&2; exit 2 ;;
esac
# What the start has freed goes back to the machine: 4 MB.
export MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=65536 MALLOC_TOP_PAD_=16384 UV_THREADPOOL_SIZE=2
exec "$here/node/$processor/node" ${nodeOptions} "$here/app/terminal.cjs" "$@"
`

const unit = `[Unit]
Description=Roadwarden terminal
After=local-fs.target
StartLimitIntervalSec=0

[Service]
Type=simple
ExecStart=/opt/roadwarden/terminal/roadwarden-terminal /etc/roadwarden/terminal.json
Restart=always
RestartSec=1
TimeoutStopSec=6
KillSignal=SIGTERM
User=roadwarden
SupplementaryGroups=dialout
StateDirectory=roadwarden
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
MemoryMax=160M
OOMScoreAdjust=-500

[Install]
WantedBy=multi-user.target
`

const sampleConfig = {
  dataDir: '/var/lib/roadwarden',
  vehicle: 'vehicle.json',
  ports: {
    gnss: { path: '/dev/ttyS1', baud: 9600 },
    can: { path: '/dev/ttyUSB0', baud: 1_000_000, format: 'slcan', bitrate: 250_000 },
  },
  gateway: { url: 'mqtt://192.0.2.1:1883', ack: 'gateway' },
}
const sampleVehicle = {
  id: 'coach-1',
  fleet: 'fleet-1',
  plate: '湘A00000',
  class: 'coach',
  serviceClass: 'scheduled',
  oneWayKm: 320,
  relay: null,
}

/** zod brings the sentences of fifty languages along; a terminal says its own. */
const oneLanguage: Plugin = {
  name: 'one-language',
  setup: (bundler) => {
    bundler.onResolve({ filter: /locales\/index\.js$/ }, () => ({ path: 'locales', namespace: 'empty' }))
    bundler.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: '', loader: 'js' }))
  },
}

/**
 * What the MQTT client loads for roads that a terminal never takes: WebSockets, proxies, timers of a browser. TLS is loaded
 * by the first connection that asks for it. Measured: CHANGELOG.md.
 */
const unused: { readonly [path: string]: string } = {
  ws: 'exports.streamBuilder = exports.browserStreamBuilder = undefined',
  socks: 'exports.default = () => { throw new Error("no proxies") }',
  'worker-timers': 'module.exports = globalThis',
  'readable-stream': 'module.exports = require("stream")',
  '@serialport/binding-mock': 'exports.MockBinding = { list: () => [] }',
}

const onlyTcp: Plugin = {
  name: 'only-tcp',
  setup: (bundler) => {
    bundler.onResolve(
      { filter: /^(\.\/(ws|socks)|worker-timers|readable-stream|@serialport\/binding-mock)$/ },
      ({ path, importer }) => {
        const name = path.replace('./', '')
        const isOfMqtt = !path.startsWith('.') || importer.includes('mqtt/build/lib/connect')
        return isOfMqtt ? { path: name, namespace: 'unused' } : undefined
      },
    )
    bundler.onLoad({ filter: /.*/, namespace: 'unused' }, ({ path }) => ({
      contents: unused[path]!,
      loader: 'js',
      resolveDir: root,
    }))
    bundler.onResolve({ filter: /^\.\/tls$/ }, ({ importer, resolveDir }) =>
      importer.includes('mqtt/build/lib/connect')
        ? { path: join(resolveDir, 'tls.js'), namespace: 'late' }
        : undefined,
    )
    bundler.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: `exports.default = (...given) => require(${JSON.stringify(path)}).default(...given)`,
      loader: 'js',
      resolveDir: root,
    }))
  },
}

async function bundle(): Promise<void> {
  const silentDebug = join(target, 'debug.cjs')
  writeFileSync(silentDebug, noDebug)
  await build({
    entryPoints: [join(root, 'device/main.ts')],
    outfile: join(target, 'app/terminal.cjs'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minifyWhitespace: true,
    minifySyntax: true,
    keepNames: false,
    legalComments: 'none',
    alias: { debug: silentDebug },
    plugins: [oneLanguage, onlyTcp],
    logLevel: 'warning',
  })
  rmSync(silentDebug)
}

/** The loader of the binding looks for `prebuilds` in the folder above the program. */
function copyBindings(): void {
  for (const processor of processors) {
    const name = `linux-${processor}`
    cpSync(
      join(root, 'node_modules/@serialport/bindings-cpp/prebuilds', name),
      join(target, 'prebuilds', name),
      {
        recursive: true,
      },
    )
  }
}

/** The processors whose Node is installed: on a build machine of one kind the other comes by `npm i --no-save --force`. */
function copyNodes(): string[] {
  return processors.filter((processor) => {
    const binary = join(root, `node_modules/node-linux-${processor}/bin/node`)
    if (!existsSync(binary)) return false
    mkdirSync(join(target, 'node', processor), { recursive: true })
    copyFileSync(binary, join(target, 'node', processor, 'node'))
    chmodSync(join(target, 'node', processor, 'node'), 0o755)
    return true
  })
}

const usage = 'usage: npm run build (writes dist/terminal/, anew each time)'
if (asksForHelp(process.argv.slice(2))) {
  process.stdout.write(`${usage}\n`)
  process.exit(0)
}
if (process.argv.length > 2) {
  process.stderr.write(`${process.argv[2]}: unknown; ${usage}\n`)
  process.exit(2)
}
rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
await bundle()
copyBindings()
const nodes = copyNodes()
const put = (name: string, text: string, mode = 0o644): void =>
  writeFileSync(join(target, name), text, { mode })
put('roadwarden-terminal', launcher, 0o755)
put('roadwarden-terminal.service', unit)
put('terminal.json', `${JSON.stringify(sampleConfig, null, 2)}\n`)
put('vehicle.json', `${JSON.stringify(sampleVehicle, null, 2)}\n`)
process.stderr.write(`${target}: Node for ${nodes.join(', ') || 'no processor'}\n`)
