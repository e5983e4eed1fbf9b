import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parseCertificate, verifySignature } from '../../platform/crypto/index.js'
import { projectRoot } from '../../services/core/project-root.js'
import { parseSeal, parseSealSignature } from '../../services/verification/ses/index.js'

const folder = join(projectRoot(), '../shared/corpus/seals')
const skip = existsSync(folder) ? false : `SKIPPED: the outside corpus is not at ${folder}`

t.test('UserV1.esl is right by the rule of GM/T 0031, UserV4.esl and SignedValueV4.dat by that of GB/T 38540', { skip }, async t => {
  for (const [name, version] of [['UserV1.esl', 1], ['UserV4.esl', 4]] as const) {
    const seal = parseSeal(readFileSync(join(folder, name)))
    const { publicKey } = parseCertificate(seal.makerCertificate)
    t.equal(seal.version, version)
    t.ok(verifySignature({ algorithm: seal.algorithm, publicKey, message: seal.signed, signature: seal.value }), name)
  }
  const found = parseSealSignature(readFileSync(join(folder, 'SignedValueV4.dat')))
  const { publicKey } = parseCertificate(found.certificate)
  t.ok(verifySignature({ algorithm: found.algorithm, publicKey, message: found.signed, signature: found.value }))
})
