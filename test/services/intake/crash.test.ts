import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { projectRoot } from '../../../services/core/project-root.js'
import { MARKET, POLICE, room, upserted } from './support.js'

/** How many times the process is killed; `INTAKE_KILLS=200 node dist/test/services/intake/crash.test.js` for more. */
const KILLS = Number(process.env['INTAKE_KILLS'] ?? 15)
const EVENTS = 40
t.setTimeout(30_000 + KILLS * 3000)

/** Numbers from a seed, so that a failure can be had again. */
function seeded (seed: number): (below: number) => number {
  return below => {
    seed = seed + 0x9e3779b9 | 0
    let mixed = seed ^ seed >>> 16
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return ((mixed ^ mixed >>> 15) >>> 0) % below
  }
}

t.test(`intake is killed ${KILLS} times between any two steps; every event is in trusted once, in order, and every fork in quarantine`, async t => {
  const dir = mkdtempSync(join(tmpdir(), 'intake-crash-'))
  t.teardown(() => { rmSync(dir, { recursive: true, force: true }) })
  const random = seeded(20260302)
  writeFileSync(join(dir, 'key.pem'), generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }))

  const events = [MARKET, POLICE].flatMap(source => Array.from({ length: EVENTS }, (_, index) => upserted(index + 1, { source })))
  const forks = [MARKET, POLICE].flatMap(source => [3, 17, 29].map(sequence => upserted(sequence, { source, id: `fork-${sequence}`, value: 'fork' })))
  // Out of order within reach, some of them twice; the forks come once their number was taken for certain.
  const order = [...events, ...events.filter(() => random(4) === 0)].map(event => ({ event, at: event.sequence + random(9) })).sort((a, b) => a.at - b.at).map(({ event }) => event)
  const plan: unknown[][] = []
  for (let at = 0; at < order.length; at += 5) plan.push(order.slice(at, at + 5))
  plan.push(forks)
  writeFileSync(join(dir, 'plan.json'), JSON.stringify(plan))

  const child = join(projectRoot(), 'dist/test/services/intake/crash-child.js')
  let killed = 0
  const run = async (step: number): Promise<void> => {
    const running = spawn(process.execPath, [child, dir, String(step)], { stdio: ['ignore', 'ignore', 'inherit'] })
    const [code, signal] = await once(running, 'exit') as [number | null, string | null]
    if (signal === 'SIGKILL') killed++
    else if (code !== 0) t.fail(`the process ended with ${code}`)
  }
  for (let kill = 0; kill < KILLS; kill++) await run(1 + random(36))
  await run(0)
  t.ok(killed > KILLS / 2, `it was killed ${killed} times`)

  const here = await room({ dir, start: false })
  t.teardown(here.close)
  const trusted = await here.trusted()
  for (const source of [MARKET, POLICE]) {
    const numbers = trusted.filter(({ event }) => event.source === `urn:uscc:${source}`).map(({ event }) => event.sequence)
    t.same(numbers, Array.from({ length: EVENTS }, (_, index) => index + 1))
  }
  t.same(trusted.filter(({ event }) => event.id.startsWith('fork')), [])
  const { items } = await here.intake.quarantine.list({ limit: 1000 })
  t.same(items.map(({ eventId, source, reasons }) => [source, eventId, reasons.map(({ code }) => code).join()]).sort(), forks.map(({ id, source }) => [source.slice(9), id, 'FORK']).sort())
  const before = JSON.stringify(items)
  await here.renew()
  t.equal(JSON.stringify((await here.intake.quarantine.list({ limit: 1000 })).items), before, 'what is remembered is what the topics say')
})
