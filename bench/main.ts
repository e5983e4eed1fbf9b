import { cpus } from 'node:os'
import { met, type Row, type Suite } from './measure.js'

/** `npm run bench -- [name…]` runs the suites named, else all, and prints a table; missed aims do not fail it. */
const SUITES: Record<string, () => Promise<Suite>> = {
  'event-log': async () => (await import('./event-log.js')).suite,
  intake: async () => (await import('./intake.js')).intake,
  licences: async () => (await import('./licences.js')).licences,
  exchange: async () => (await import('./exchange.js')).exchange,
  issuing: async () => (await import('./issuing.js')).suite,
  'ofd-reading': async () => (await import('./ofd-reading.js')).ofdReading,
  verdict: async () => (await import('./verdict.js')).verdict,
  catalogue: async () => (await import('./catalogue.js')).catalogue,
  duties: async () => (await import('./duties.js')).duties,
  exemptions: async () => (await import('./exemptions.js')).exemptions,
  province: async () => (await import('./province.js')).suite
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !(name in SUITES))
if (unknown.length > 0) {
  process.stderr.write(`no such suite: ${unknown.join(', ')}; there are ${Object.keys(SUITES).join(', ')}\n`)
  process.exit(64)
}
process.stdout.write(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}\n\n`)
process.stdout.write('| work | ours | beside | theirs | figure | aim | met |\n|---|---|---|---|---|---|---|\n')
for (const [name, load] of Object.entries(SUITES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  for (const row of await (await load())()) process.stdout.write(line(row))
}

function line (row: Row): string {
  const aim = 'atLeast' in row.aim ? `≥ ${row.aim.atLeast}` : `≤ ${row.aim.atMost}`
  const theirs = row.theirs === undefined ? '–' : `${round(row.theirs)} ${row.unit}`
  return `| ${row.work} | ${round(row.ours)} ${row.unit} | ${row.beside ?? '–'} | ${theirs} | ${round(row.figure)} | ${aim} | ${met(row) ? 'yes' : 'NO'} |\n`
}

function round (value: number): string { return value >= 100 ? value.toFixed(0) : value.toPrecision(3) }
