import { createServer, type Server } from 'node:http'

/** Where the metrics are read. A file of its own: without it a terminal never loads HTTP. */

export type MetricsServerOptions = {
  readonly port: number
  /** Null when ready, else the reason why not. */
  readonly notReady: () => string | null
  readonly text: () => string
}

/** Never anywhere but on this machine, and never a reason not to start. */
export function serveMetrics(
  { port, notReady, text }: MetricsServerOptions,
  failed: (why: string) => void,
): Server {
  const server = createServer(({ url, method }, response) => {
    const known = url === '/metrics' || url === '/readyz' || url === '/healthz'
    if (!known || (method !== 'GET' && method !== 'HEAD')) {
      response.writeHead(known ? 405 : 404).end()
      return
    }
    const why = url === '/readyz' ? notReady() : null
    response.writeHead(why === null ? 200 : 503, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    })
    response.end(url === '/metrics' ? text() : `${why ?? 'ready'}\n`)
  })
  server.on('error', (error) => failed(error.message))
  server.listen(port, '127.0.0.1')
  server.unref()
  return server
}
