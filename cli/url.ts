import type { Settings } from '../config/settings.js'

/** Where the exchange of these settings is reached from this machine. */
export function exchangeUrl ({ http: { host, port } }: Settings): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}
