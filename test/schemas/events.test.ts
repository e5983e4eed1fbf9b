import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadSchemas, validators } from '../../platform/http/schemas.js'
import { projectRoot } from '../../services/core/project-root.js'
import { EVENT_TYPES, schemaIdOf } from '../../services/intake/index.js'

const ROOT = projectRoot()
const read = <T> (name: string): T => JSON.parse(readFileSync(join(ROOT, name), 'utf8')) as T
const schemas = loadSchemas(join(ROOT, 'schemas'))
const validator = validators(schemas)

interface Vectors { good: Array<{ why: string, event: unknown }>, bad: Array<{ why: string, pointer: string, event: unknown }> }

for (const type of EVENT_TYPES) {
  const id = schemaIdOf(type)
  const name = id.slice(id.lastIndexOf('/') + 1)
  t.test(`${type} takes the good examples and refuses each bad one at the place that is wrong`, async t => {
    const { good, bad } = read<Vectors>(`test/vectors/events/${name}`)
    const validate = validator(id)
    t.ok(good.length >= 1 && bad.length >= 1)
    for (const { why, event } of good) t.same(validate(event), [], why)
    for (const { why, pointer, event } of bad) t.same([...new Set(validate(event).map(violation => violation.pointer))], [pointer], why)
    const { examples } = schemas.find(({ $id }) => $id === id) as unknown as { examples: unknown[] }
    for (const example of examples) t.same(validate(example), [], 'its own example')
  })
}

t.test('a violation tells where and why, never the value', async t => {
  const { good: [good] } = read<Vectors>('test/vectors/events/licence-issued.v1.json')
  const event = structuredClone(good?.event) as { data: { holder: { code: unknown, name: string } } }
  event.data.holder = { code: 'secret\u0000', name: 'secret\u0000' }
  t.notMatch(JSON.stringify(validator(schemaIdOf('licence.issued.v1'))(event)), /secret/)
})

t.test('a released schema of an event is never edited', async t => {
  const released = read<Record<string, string>>('schemas/released.json')
  const digests = Object.fromEntries(readdirSync(join(ROOT, 'schemas/events')).filter(name => name.endsWith('.json')).map(name => [
    `events/${name}`, createHash('sha256').update(readFileSync(join(ROOT, 'schemas/events', name))).digest('hex')
  ]))
  for (const [name, digest] of Object.entries(released)) t.equal(digests[name], digest, `${name}: a change makes a new version`)
  for (const name of Object.keys(digests)) t.ok(name in released, `${name} stands in schemas/released.json`)
})
