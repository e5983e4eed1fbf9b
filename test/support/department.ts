import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import type { Test } from 'tap'
import { keyThumbprint, type SigningKey } from '../../platform/crypto/index.js'
import { Exchange, openPublisher, type ExchangeOptions, type Publisher, type PublisherOptions } from '../../connectors/sdk/index.js'
import { fixedClock } from '../../services/core/clock.js'
import { startReceiver, type Receiver } from './receiver.js'

export const SOURCE = 'urn:uscc:11990000YYYY01015Y'

export interface Department {
  receiver: Receiver
  key: SigningKey
  clock: ReturnType<typeof fixedClock>
  /** Milliseconds that were waited between attempts; no time passes. */
  waits: number[]
  exchange: (options?: Partial<ExchangeOptions>) => Exchange
  publisher: (options?: Partial<PublisherOptions>) => Promise<Publisher>
  dir: string
}

/** A department with a key made for this run, and the exchange that it publishes to. */
export async function department (t: Test): Promise<Department> {
  const { privateKey } = generateKeyPairSync('ed25519')
  const key: SigningKey = { key: privateKey, kid: keyThumbprint(privateKey), algorithm: 'EdDSA' }
  const receiver = await startReceiver(t, key)
  const clock = fixedClock('2026-03-01T00:00:00.000Z')
  const waits: number[] = []
  const dir = join(t.testdirName, 'outbox')
  let ids = 0
  const exchange: Department['exchange'] = options => new Exchange({
    url: receiver.url,
    clientId: 'market',
    key,
    audience: 'the exchange',
    attempts: 4,
    firstWaitMs: 100,
    maxWaitMs: 1000,
    ground: { clock, random: () => 0.5, newId: () => `id ${++ids}`, wait: async ms => { waits.push(ms) } },
    ...options
  })
  return {
    receiver,
    key,
    clock,
    waits,
    exchange,
    dir,
    publisher: async options => {
      const publisher = await openPublisher({ source: SOURCE, key, dir, exchange: exchange(), clock, ...options })
      t.teardown(async () => { await publisher.close() })
      return publisher
    }
  }
}
