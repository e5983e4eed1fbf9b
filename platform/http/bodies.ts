import type { FastifyInstance, FastifyRequest, FastifySchemaCompiler } from 'fastify'
import type { Ajv2020 } from 'ajv/dist/2020.js'
import { Failure } from '../../services/core/failure.js'
import { parseJson } from '../../services/core/json.js'
import { violations } from '../../services/core/violations.js'
import { violationsOf } from './schemas.js'

/**
 * JSON is read in one way only or not at all, and the bytes are kept at `request.rawBody`: signatures are judged over them.
 * No other type is read unless a plugin adds a parser of its own.
 */
export function readBodies (app: FastifyInstance, limits: { bodyBytes: number, jsonDepth: number }): void {
  app.removeAllContentTypeParsers()
  app.addHook('preParsing', (request, _reply, payload, done) => {
    const encoding = request.headers['content-encoding']?.trim().toLowerCase()
    // While it was asked who is calling: nothing tells of it any more, and whoever read on would wait for ever.
    if (request.raw.readableAborted) done(new Failure('INPUT_INVALID', 'the request broke off'))
    else if (encoding === undefined || encoding === '' || encoding === 'identity') done(null, payload)
    else done(new Failure('MEDIA_TYPE_UNSUPPORTED', 'a body with a Content-Encoding is not read here'))
  })
  app.addContentTypeParser(['application/json', 'application/cloudevents+json'], { parseAs: 'buffer' }, (request: FastifyRequest, body: string | Buffer, done) => {
    request.rawBody = body as Buffer
    let read: unknown
    try {
      read = parseJson(request.rawBody, { bytes: request.routeOptions.bodyLimit ?? limits.bodyBytes, depth: limits.jsonDepth })
    } catch (error) {
      done(error as Error)
      return
    }
    done(null, read)
  })
}

/** Bodies and answers by the strict rules, parameters by those that turn text into numbers. */
export function compileSchemas (app: FastifyInstance, strict: Ajv2020, coercing: Ajv2020): void {
  const validator: FastifySchemaCompiler<object> = ({ schema, httpPart }) => {
    const validate = (httpPart === 'body' ? strict : coercing).compile(schema)
    return (value: unknown) => {
      if (validate(value) === true) return { value }
      return { error: new Failure('INPUT_INVALID', `the ${PARTS[httpPart ?? 'body'] ?? 'request'} does not have the required shape`, { violations: violations(validate.errors ?? []) }) }
    }
  }
  app.setValidatorCompiler(validator)
  app.setSerializerCompiler(({ schema }) => {
    const validate = strict.compile(schema as object)
    return data => {
      // An answer of the wrong shape is a mistake of ours. Leaving out what is not named, as is usual, would hide it.
      const wrong = violationsOf(validate, data)
      if (wrong.length > 0) throw new Error(`an answer does not fit its schema: ${JSON.stringify(wrong.slice(0, 5))}`)
      return JSON.stringify(data)
    }
  })
}

const PARTS: Record<string, string> = { body: 'body', params: 'address', querystring: 'query', headers: 'head' }
