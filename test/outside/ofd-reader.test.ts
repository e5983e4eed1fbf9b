import { existsSync, readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { projectRoot } from '../../services/core/project-root.js'
import { OFD_LIMITS } from '../../services/verification/ofd/limits.js'
import { readOfd } from '../../services/verification/ofd/read.js'
import { join } from 'node:path'

const FOLDER = join(projectRoot(), '../shared/corpus/ofd')
const missing = existsSync(FOLDER) ? false : `SKIPPED: the outside corpus is not at ${FOLDER}`
if (missing !== false) console.error(missing)

/** What the corpus's README says of each, as far as reading goes. */
const EXPECTED: Record<string, { dialects?: string[], signatures: number, refused?: string, documents?: number, missing?: string[], unreferenced?: string[] }> = {
  'v4-tax-test-ca.ofd': { signatures: 1, dialects: ['path-case', 'attachment-without-id'], unreferenced: ['Doc_0/Tags/CustomTags.xml', 'Doc_0/Tags/Tag_Invoice.xml'] },
  'v4-document-changed.ofd': { signatures: 1, dialects: ['attachment-without-id'], unreferenced: ['Doc_0/Tags/CustomTags.xml', 'Doc_0/Tags/Tag_Invoice.xml'] },
  'v4-antchain.ofd': { signatures: 1, unreferenced: ['Doc_0/Pages/Page_1/Content.xml'] },
  'v4-riding-stamps.ofd': { signatures: 1, missing: ['PublicRes.xml'] },
  'v4-whole-mode.ofd': { signatures: 1 },
  'v4-second-signature-breaks-whole-mode.ofd': { signatures: 2, dialects: ['max-sign-id-twice'], missing: ['PublicRes.xml'] },
  'v1-broken-five-ways.ofd': { signatures: 1, dialects: ['provider-as-elements'] },
  'sign-bare-sm2-no-certificate.ofd': { signatures: 1 },
  'entries-manifest.ofd': { signatures: 0 },
  'signatures-list-missing.ofd': { signatures: 0, refused: 'SIGNATURE_LIST_MISSING' },
  'unsigned-odd-paths.ofd': { signatures: 0, dialects: ['archive-comment'] },
  'unsigned-chinese-names.ofd': { signatures: 0, unreferenced: ['Doc_0/Res/这是一个中文目录/数据文件.txt'] }
}

t.test('field files read as the corpus says they should', { skip: missing }, async t => {
  for (const [name, expected] of Object.entries(EXPECTED)) {
    const result = readOfd(readFileSync(join(FOLDER, name)), OFD_LIMITS)
    if ('refused' in result) {
      t.same(result.refused.map(({ code }) => code), [expected.refused], name)
      continue
    }
    const { signatureLists, dialects, missing, unreferenced, orphanSignatureFiles } = result.package
    t.same({
      signatures: signatureLists.flatMap(list => list.signatures).length, dialects, missing: missing.map(({ reference }) => reference), unreferenced
    }, { dialects: [], missing: [], unreferenced: [], ...expected }, name)
    t.same(orphanSignatureFiles, [], `${name}: no part of a signature lies about`)
  }
})

t.test('every field file opens, but for one whose signatures are gone', { skip: missing }, async t => {
  for (const name of readdirSync(FOLDER).filter(name => name.endsWith('.ofd'))) {
    const result = readOfd(readFileSync(join(FOLDER, name)), OFD_LIMITS)
    if ('refused' in result) t.same(result.refused.map(({ code }) => code), ['SIGNATURE_LIST_MISSING'], name)
    else t.ok(result.package.documents.every(document => document.pages.length > 0), name)
  }
})

t.test('the manifest of a field file lists each file of its document', { skip: missing }, async t => {
  const result = readOfd(readFileSync(join(FOLDER, 'entries-manifest.ofd')), OFD_LIMITS)
  if ('refused' in result) throw new Error(JSON.stringify(result.refused))
  t.same([...result.package.reachable.keys()].sort(), result.package.manifest?.files.slice().sort())
  t.equal(result.package.manifest?.signedValuePath, 'signedvalue.dat')
})
