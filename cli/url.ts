import { InvalidArgumentError } from 'commander'
import type { Settings } from '../config/settings.js'

/** The option of every command that calls the exchange. */
export const URL_OPTION: [flags: string, description: string, read: (text: string) => string] = [
  '--url <URL>', '交换平台地址，默认本机  where the exchange stands, this machine unless given', text => {
    if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) throw new InvalidArgumentError('请写成 http://127.0.0.1:8080 这样的地址  an address such as this one')
    return new URL(text).origin
  }
]

/** Where the exchange of these settings is reached from this machine. */
export function exchangeUrl ({ http: { host, port } }: Settings): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}
