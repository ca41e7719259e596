// Makes proto/generated/ from roadwarden.proto. Run by `npm run proto`; a test compares its output with what
// is checked in, so that a forgotten run fails.
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const out = process.argv[2] ?? join(here, 'generated')
mkdirSync(out, { recursive: true })
const pbjs = join(here, '..', 'node_modules', 'protobufjs-cli', 'bin', 'pbjs')
const target = join(out, 'roadwarden.js')
execFileSync(
  process.execPath,
  [
    pbjs,
    '-t',
    'static-module',
    '-w',
    'esm',
    '-d',
    '--null-semantics',
    '--force-number',
    '--no-create',
    '--no-verify',
    '--no-convert',
    '--no-delimited',
    '--no-typeurl',
    '--no-service',
    '-o',
    target,
    relative(process.cwd(), join(here, 'roadwarden.proto')),
  ],
  { stdio: ['ignore', 'inherit', 'inherit'] },
)
