import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { projectRoot } from '../../../services/core/project-root.js'
import { digest, hexDigest } from '../../../platform/crypto/index.js'

interface Vectors { cases: Array<{ name: string, input_hex: string, sm3_hex: string }> }
const vectors = JSON.parse(readFileSync(join(projectRoot(), 'test/vectors/sm3.json'), 'utf8')) as Vectors

t.test('SM3 gives the numbers of GB/T 32905 and of two other implementations', async t => {
  for (const { name, input_hex: input, sm3_hex: wanted } of vectors.cases) t.equal(hexDigest('sm3', Buffer.from(input, 'hex')), wanted, name)
})

t.test('parts are digested as if they were one', async t => {
  const whole = digest('sha256', Buffer.from('abcdef'))
  t.ok(digest('sha256', Buffer.from('ab'), Buffer.from('cd'), Buffer.from('ef')).equals(whole))
  t.ok(digest('sha256', Buffer.from('abcdef'), Buffer.alloc(0)).equals(whole))
})
