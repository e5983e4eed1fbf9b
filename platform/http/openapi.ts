import swagger from '@fastify/swagger'
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify'
import type { Access } from './allow.js'
import type { Allow } from './port.js'

export interface OpenApiInfo { title: string, version: string, description?: string }

/** Before any route: collects their schemas. */
export async function collectOpenApi (app: FastifyInstance, info: OpenApiInfo, accessOf: (method: string, url: string) => Access | undefined): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info,
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token from POST /v1/tokens; the scope that a route needs is named with it.' }
        }
      }
    },
    convertConstToEnum: false,
    refResolver: {
      // The default would number them; a name tells the reader of generated code what he holds.
      buildLocalReference: (json, _baseUri, _fragment, i) => componentName(json['$id']) ?? `def-${i}`
    },
    transform: ({ schema, url, route }) => ({ schema: withSecurity(schema as FastifySchema | undefined, accessOf(methodOf(route), route.url)), url })
  })
}

function methodOf (route: RouteOptions): string { return [route.method].flat()[0] ?? 'GET' }

function withSecurity (schema: FastifySchema = {}, access: Access | undefined): FastifySchema {
  if (access === undefined || access === 'public') return { ...schema, security: [] }
  return { ...schema, security: access.map(scope => ({ token: [scope] })) }
}

/** `…/schemas/http/problem.v1.json` becomes `http.problem.v1`. */
function componentName (id: unknown): string | undefined {
  if (typeof id !== 'string') return undefined
  return /\/schemas\/(.+)\.json$/.exec(id)?.[1]?.replaceAll('/', '.')
}

export function openApiRoute (app: FastifyInstance, allow: Allow): void {
  app.get('/openapi.json', { onRequest: allow.public(), schema: { hide: true } }, async () => app.swagger())
}
