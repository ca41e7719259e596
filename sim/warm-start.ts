import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

/**
 * Most of a start is the compiling of the same files. Node keeps here what it compiled, by content, and so does whoever is
 * started from this process; where nothing may be written it compiles as ever. Loaded before the program: `node --import`.
 */
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, '../node_modules/.cache/node')
enableCompileCache(process.env['NODE_COMPILE_CACHE'])
