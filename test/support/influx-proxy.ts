/** Stands between a store and a real InfluxDB: counts requests, and answers some of them as a loaded server would. */
import { createServer, request, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ProxiedRequest {
  method: string
  /** Path and query. */
  path: string
}

export interface ProxyAnswer {
  status: number
  headers?: Record<string, string>
  body?: string
}

export interface InfluxProxy {
  url: string
  requests: ProxiedRequest[]
  /** Set: decides which requests are answered here instead of by the server. */
  answer: ((asked: ProxiedRequest) => ProxyAnswer | undefined) | undefined
  close(): Promise<void>
}

export async function startInfluxProxy(target: string): Promise<InfluxProxy> {
  const server = createServer((incoming, outgoing) => {
    const asked = { method: incoming.method ?? '', path: incoming.url ?? '' }
    proxy.requests.push(asked)
    const own = proxy.answer?.(asked)
    if (own) {
      incoming.resume()
      incoming.on('end', () => outgoing.writeHead(own.status, own.headers).end(own.body))
      return
    }
    const options = { method: asked.method, headers: incoming.headers as IncomingHttpHeaders }
    const onward = request(new URL(asked.path, target), options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => truncate(outgoing))
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: InfluxProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    answer: undefined,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      })
  }
  return proxy
}

function truncate(outgoing: ServerResponse): void {
  outgoing.destroy()
}
