import t from 'tap'
import { OFD_LIMITS, type OfdLimits } from '../../../../services/verification/ofd/limits.js'
import { readOfd } from '../../../../services/verification/ofd/read.js'
import { parseXml } from '../../../../services/verification/ofd/xml.js'
import { Draft, NAMESPACE, XML } from '../../../support/ofd-draft.js'

/** Limits of a package that may hold 64 KiB, so that the tests stay small; four files count 4 KiB each at least. */
const LIMITS: OfdLimits = { ...OFD_LIMITS, totalBytes: 65_536, entryCount: 4 }
const MOST_READINGS = (65_536 + 4 * 4096) / 4096

const page = `${XML}<ofd:Page ${NAMESPACE}><ofd:Content/></ofd:Page>`
const root = (documents: readonly string[]): string => `${XML}<ofd:OFD ${NAMESPACE}>` +
  `${documents.map((path, i) => `<ofd:DocBody><ofd:DocInfo><ofd:DocID>${i}</ofd:DocID></ofd:DocInfo><ofd:DocRoot>${path}</ofd:DocRoot></ofd:DocBody>`).join('')}</ofd:OFD>`
const document = (common: string, pages: string): string => `${XML}<ofd:Document ${NAMESPACE}><ofd:CommonData>${common}</ofd:CommonData><ofd:Pages>${pages}</ofd:Pages></ofd:Document>`

function codes (files: Record<string, string>): string[] {
  const read = readOfd(new Draft(Object.entries(files)).bytes(), LIMITS)
  return 'refused' in read ? read.refused.map(({ code }) => code) : []
}

t.test('one file that serves as many templates is read again only within what a package may hold', t => {
  // OFD.xml, the document, the page: three readings besides those of the template
  const templates = (count: number): Record<string, string> => ({
    'OFD.xml': root(['D.xml']),
    'D.xml': document(Array.from({ length: count }, (_, i) => `<ofd:TemplatePage ID="${i + 10}" BaseLoc="T.xml"/>`).join(''), '<ofd:Page ID="1" BaseLoc="P.xml"/>'),
    'P.xml': page,
    'T.xml': page
  })
  t.same(codes(templates(MOST_READINGS - 3)), [])
  t.same(codes(templates(MOST_READINGS - 2)), ['OFD_READINGS_TOO_MANY'])
  t.end()
})

t.test('a page file that stands twice is refused before it is read twice', t => {
  const pages = Array.from({ length: 200 }, (_, i) => `<ofd:Page ID="${i + 1}" BaseLoc="P.xml"/>`).join('')
  t.same(codes({ 'OFD.xml': root(['D.xml']), 'D.xml': document('', pages), 'P.xml': page }), ['OFD_PAGE_TWICE'])
  t.end()
})

t.test('prefixes declared further out are found, the innermost first', t => {
  const read = parseXml(Buffer.from('<a xmlns:p="1" xmlns:q="2"><b xmlns:p="3"><p:c xmlns:r="4"><q:d/><p:e/></p:c></b><p:f/></a>'), OFD_LIMITS, 'x')
  const names: string[] = []
  const walk = (element: typeof read): void => {
    names.push(`${element.namespace}${element.name}`)
    for (const child of element.children) walk(child)
  }
  walk(read)
  t.same(names, ['a', 'b', '3c', '2d', '3e', '1f'])
  t.end()
})
