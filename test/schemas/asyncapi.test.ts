import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import addFormatsModule from 'ajv-formats'
import t from 'tap'
import { loadSchemas } from '../../platform/http/schemas.js'
import { SIGNATURE_HEADER, TOPICS } from '../../services/core/event.js'
import { projectRoot } from '../../services/core/project-root.js'
import { HEADERS } from '../../services/core/quarantine.js'
import { EVENT_TYPES, schemaIdOf } from '../../services/intake/index.js'

interface Message { name: string, payload: { schema: { $ref: string } }, headers?: { properties: Record<string, unknown> } }
interface AsyncApi {
  channels: Record<string, { address: string, messages: Record<string, { $ref: string }> }>
  components: { messages: Record<string, Message> }
}
const addFormats = addFormatsModule as unknown as (ajv: Ajv) => void
const api = JSON.parse(readFileSync(join(projectRoot(), 'schemas/asyncapi.json'), 'utf8')) as AsyncApi

t.test('asyncapi.json is AsyncAPI 3.0', async t => {
  const schema = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('@asyncapi/specs/schemas/3.0.0-without-$id.json'), 'utf8')) as object
  const ajv = new Ajv({ strict: false, allErrors: true })
  addFormats(ajv)
  const validate = ajv.compile(schema)
  t.ok(validate(api), JSON.stringify(validate.errors?.slice(0, 5)))
  const broken = structuredClone(api) as unknown as { channels: { inbound: { address: unknown } } }
  broken.channels.inbound.address = 1
  t.notOk(validate(broken), 'and the check sees when it is not')
})

t.test('its channels are the topics, and its messages the schemas', async t => {
  t.same(Object.keys(api.channels).sort(), Object.values(TOPICS).sort())
  const known = new Set(loadSchemas(join(projectRoot(), 'schemas')).map(({ $id }) => $id))
  const messagesOf = (topic: string): Message[] => Object.values(api.channels[topic]?.messages ?? {}).map(({ $ref }) => api.components.messages[$ref.slice('#/components/messages/'.length)] as Message)
  for (const topic of Object.values(TOPICS)) {
    t.equal(api.channels[topic]?.address, topic)
    for (const { payload } of messagesOf(topic)) t.ok(known.has(payload.schema.$ref), payload.schema.$ref)
  }
  for (const topic of [TOPICS.inbound, TOPICS.trusted]) {
    t.same(messagesOf(topic).map(({ name }) => name), EVENT_TYPES)
    t.same(messagesOf(topic).map(({ payload }) => payload.schema.$ref), EVENT_TYPES.map(schemaIdOf))
  }
  const headers = [...new Set([...messagesOf(TOPICS.inbound), ...messagesOf(TOPICS.trusted)].flatMap(message => Object.keys(message.headers?.properties ?? {})))]
  t.same(headers.sort(), [SIGNATURE_HEADER, ...Object.values(HEADERS)].sort())
})
