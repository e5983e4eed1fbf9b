import { join } from 'node:path'
import t from 'tap'
import { coercingAjv, loadSchemas, validators, violationsOf, strictAjv } from '../../../platform/http/schemas.js'
import { projectRoot } from '../../../services/core/project-root.js'
import { Failure, FAILURES, type FailureCode } from '../../../services/core/failure.js'
import { failureOf, problem, STATUS } from '../../../platform/http/problem.js'
import { told } from '../../../services/core/words.js'

const root = join(projectRoot(), 'schemas')
const PROBLEM = 'https://mianzheng.example/schemas/http/problem.v1.json'

t.test('every schema of ours compiles under the strict rules', async t => {
  const schemas = loadSchemas(root)
  const of = validators(schemas)
  for (const { $id } of schemas) t.type(of($id), 'function', $id)
})

t.test('a schema stands where its $id says', async t => {
  const dir = t.testdir({ http: { 'a.v1.json': '{"$id":"https://mianzheng.example/schemas/http/a.v1.json"}' } })
  t.equal(loadSchemas(dir).length, 1)
  const twin = t.testdir({ http: { 'a.v1.json': '{"$id":"https://mianzheng.example/schemas/http/a.v1.json"}', 'b.v1.json': '{"$id":"https://mianzheng.example/schemas/http/a.v1.json"}' } })
  t.throws(() => loadSchemas(twin), { code: 'CONFIG_INVALID' })
  t.throws(() => loadSchemas(t.testdir({ 'a.v1.json': '{"$id":' })), { code: 'CONFIG_INVALID' })
  t.throws(() => validators([])('https://mianzheng.example/schemas/http/none.v1.json'), { code: 'CONFIG_INVALID' })
})

t.test('violations name every place, and no value', async t => {
  const schema = {
    $id: 'https://mianzheng.example/schemas/http/x.v1.json',
    type: 'object',
    required: ['a/b'],
    unevaluatedProperties: false,
    properties: { 'a/b': { type: 'string' }, n: { type: 'integer', maximum: 3 }, l: { type: 'array', items: { enum: ['p', 'q'] } } }
  }
  const validate = validators([schema])(schema.$id)
  t.same(validate({ 'a/b': '' }), [])
  t.same(validate({ n: 4444, l: ['p', 'secret'], 'x~y': 1 }), [
    { pointer: '/a~1b', message: '没有填写 / is missing' },
    { pointer: '/n', message: '不能大于 3 / must be at most 3' },
    { pointer: '/l/1', message: '不在可选项之内：p、q / is none of the options: p, q' },
    { pointer: '/x~0y', message: '这里没有这一项 / is not known here' }
  ])
})

t.test('text stands for a number in parameters alone', async t => {
  const schema = { type: 'object', properties: { n: { type: 'integer' } } }
  t.equal(violationsOf(strictAjv([]).compile(schema), { n: '1' }).length, 1)
  const value = { n: '1' as unknown }
  t.equal(violationsOf(coercingAjv([]).compile(schema), value).length, 0)
  t.equal(value.n, 1)
})

t.test('each code has a status, and its problem document the published shape', async t => {
  const validate = validators(loadSchemas(root))(PROBLEM)
  for (const code of Object.keys(FAILURES) as FailureCode[]) {
    t.ok(STATUS[code] >= 400 && STATUS[code] < 600, code)
    const document = problem(new Failure(code, 'detail', { violations: [{ pointer: '/a', message: told('乙', 'b') }] }), '11111111-1111-4111-8111-111111111111')
    t.same(validate(document), [], code)
    t.equal(document.type, `https://mianzheng.example/failures#${code}`)
  }
})

t.test('a failure that others raise is named by what it means here', async t => {
  const fastify = (code: string, statusCode: number): string => failureOf(Object.assign(new Error('x'), { code, statusCode })).code
  t.equal(fastify('FST_ERR_CTP_BODY_TOO_LARGE', 413), 'BODY_TOO_LARGE')
  t.equal(fastify('FST_REQ_FILE_TOO_LARGE', 413), 'BODY_TOO_LARGE')
  t.equal(fastify('FST_INVALID_MULTIPART_CONTENT_TYPE', 406), 'MEDIA_TYPE_UNSUPPORTED')
  t.equal(fastify('FST_ERR_CTP_INVALID_CONTENT_LENGTH', 400), 'INPUT_INVALID')
  t.equal(fastify('FST_ERR_HANDLER_TIMEOUT', 503), 'TIMED_OUT')
  t.equal(fastify('FST_ERR_REP_ALREADY_SENT', 500), 'INTERNAL')
  t.equal(fastify('ENOENT', 404), 'INTERNAL', 'a status on an error of somebody else means nothing')
  t.equal(failureOf(undefined).code, 'INTERNAL')
  t.equal(failureOf('text').code, 'INTERNAL')
  const many = new Failure('INPUT_INVALID', 'x', { violations: Array.from({ length: 101 }, (_, i) => ({ pointer: `/${i}`, message: told('甲', 'x') })) })
  t.equal(problem(many, 'x').violations?.length, 100)
})
