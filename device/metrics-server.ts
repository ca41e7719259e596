import { statfsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'

/** Where the metrics are read. A file of its own: without it a terminal never loads HTTP. */

const freeBytesMin = 16 * 2 ** 20

export type MetricsServerOptions = {
  readonly port: number
  readonly dataDir: string
  readonly text: () => string
}

/** Never anywhere but on this machine, and never a reason not to start. */
export function serveMetrics(
  { port, dataDir, text }: MetricsServerOptions,
  failed: (why: string) => void,
): Server {
  const server = createServer(({ url, method }, response) => {
    const known = url === '/metrics' || url === '/readyz' || url === '/healthz'
    if (!known || (method !== 'GET' && method !== 'HEAD')) {
      response.writeHead(known ? 405 : 404).end()
      return
    }
    const full = url === '/readyz' && isNearlyFull(dataDir)
    response.writeHead(full ? 503 : 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
    response.end(url === '/metrics' ? text() : full ? 'the disk is nearly full\n' : 'ready\n')
  })
  server.on('error', (error) => failed(error.message))
  server.listen(port, '127.0.0.1')
  server.unref()
  return server
}

function isNearlyFull(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize < freeBytesMin
}
