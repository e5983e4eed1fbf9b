import t from 'tap'
import { OFD_LIMITS } from '../../../../services/verification/ofd/limits.js'
import type { XmlLimits } from '../../../../services/verification/ofd/limits.js'
import { Refusal } from '../../../../services/verification/ofd/refusal.js'
import { parseXml } from '../../../../services/verification/ofd/xml.js'
import type { XmlElement } from '../../../../services/verification/ofd/xml-element.js'
import { BAD_DOCUMENTS } from './bad-documents.js'

function parse (text: string | Buffer, limits: Partial<XmlLimits> = {}): XmlElement {
  return parseXml(Buffer.from(text), { ...OFD_LIMITS, ...limits }, 'a.xml')
}

function codeOf (text: string | Buffer, limits: Partial<XmlLimits> = {}): string {
  try {
    parse(text, limits)
    return 'accepted'
  } catch (error) {
    if (error instanceof Refusal) return error.finding.code
    throw error
  }
}

t.test('each bad document is refused with its own code', async t => {
  t.ok(BAD_DOCUMENTS.length >= 37)
  for (const { title, code, bytes } of BAD_DOCUMENTS) t.equal(codeOf(bytes), code, title)
})

t.test('elements carry name, namespace, attributes, text and children', async t => {
  const root = parse('\ufeff<?xml version="1.0" encoding="utf-8" standalone=\'yes\'?>\n<p:a xmlns:p="u" xmlns="v" b=\'1\' p:b="2" xml:lang="zh">x<c/>y<p:d xmlns:p="w"> &lt;&#x7167;&#10; </p:d></p:a>\n<!-- end -->')
  t.match(root, { name: 'a', namespace: 'u', text: 'xy', hasComment: false })
  t.same([...root.attributes], [['b', '1'], ['{u}b', '2'], ['{http://www.w3.org/XML/1998/namespace}lang', 'zh']])
  t.same(root.children.map(({ name, namespace, text }) => [name, namespace, text]), [['c', 'v', ''], ['d', 'w', ' <照\n ']])
})

t.test('offsets enclose the element', async t => {
  const text = '<a><b x="1">t</b><c/></a>'
  const root = parse(text)
  t.same([root, ...root.children].map(({ start, end }) => text.slice(start, end)), [text, '<b x="1">t</b>', '<c/>'])
})

t.test('line ends and white space in attributes are normalised as XML says', async t => {
  t.equal(parse('<a>1\r\n2\r3\n4&#13;</a>').text, '1\n2\n3\n4\r')
  t.equal(parse('<a b="1\r\n2\t3&#10;4"/>').attributes.get('b'), '1 2 3\n4')
})

t.test('a prefix means what the nearest declaration says, within its element alone', async t => {
  const root = parse('<p:a xmlns:p="1"><p:b xmlns:p="2"><p:c/></p:b><p:d/><e xmlns="3"><f xmlns=""/></e></p:a>')
  const names: string[] = []
  const walk = (element: XmlElement): void => {
    names.push(`${element.name}:${element.namespace}`)
    element.children.forEach(walk)
  }
  walk(root)
  t.same(names, ['a:1', 'b:2', 'c:2', 'd:1', 'e:3', 'f:'])
})

t.test('comments and CDATA are flagged on the element that holds them', async t => {
  const root = parse('<a><b>x<!-- y -->z</b><c><![CDATA[<&]]></c><d/></a>')
  t.same(root.children.map(({ text, hasComment, hasCdata }) => [text, hasComment, hasCdata]), [['xz', true, false], ['<&', false, true], ['', false, false]])
})

t.test('each limit holds on both sides', async t => {
  const text = '<a b="1" c="2"><d><e/></d></a>'
  const sides: Array<[keyof XmlLimits, number, string]> = [
    ['xmlBytes', text.length, 'XML_TOO_LARGE'], ['xmlDepthLevels', 3, 'XML_TOO_DEEP'], ['xmlElementCount', 3, 'XML_TOO_MANY_ELEMENTS'],
    ['xmlAttributeCount', 2, 'XML_TOO_MANY_ATTRIBUTES']
  ]
  for (const [name, most, code] of sides) {
    t.equal(codeOf(text, { [name]: most }), 'accepted', name)
    t.equal(codeOf(text, { [name]: most - 1 }), code, name)
  }
})

t.test('a hundred thousand levels are refused and not recursed into', async t => {
  t.equal(codeOf('<a>'.repeat(100_000)), 'XML_TOO_DEEP')
  t.equal(codeOf('<a>'.repeat(100_000) + '</a>'.repeat(100_000), { xmlDepthLevels: 100_000 }), 'accepted')
})
