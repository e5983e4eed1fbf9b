import type { Resource } from '../../schemas/documents/resource.v1.js'
import type { ResourceDocument } from './resources.js'

type JsonLd = Record<string, unknown>

const FREQUENCY = 'http://publications.europa.eu/resource/authority/frequency/'
const ACCESS_RIGHT = 'http://publications.europa.eu/resource/authority/access-right/'
const CYCLES: Record<Resource['updateCycle'], string> = {
  realtime: 'UPDATE_CONT', daily: 'DAILY', weekly: 'WEEKLY', monthly: 'MONTHLY', quarterly: 'QUARTERLY', yearly: 'ANNUAL', once: 'NEVER'
}
const SHARING: Record<Resource['sharing']['class'], string> = { unconditional: '无条件共享', conditional: '有条件共享', 'not-shared': '不予共享' }
const WAYS: Record<Resource['ways'][number], string> = { 'service-interface': '服务接口', 'batch-exchange': '批量交换', 'file-download': '文件下载' }

const CONTEXT = {
  dcat: 'http://www.w3.org/ns/dcat#',
  dcterms: 'http://purl.org/dc/terms/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  skos: 'http://www.w3.org/2004/02/skos/core#',
  vcard: 'http://www.w3.org/2006/vcard/ns#',
  xsd: 'http://www.w3.org/2001/XMLSchema#'
}

/**
 * Published resources as a DCAT 3 catalogue in JSON-LD. Unconditional sharing is among organs of state, so nothing here is PUBLIC.
 * @param next - address of the next page, where there is one
 * @see W3C DCAT 3; GB/T 21063 has no JSON form of its own
 */
export function dcatCatalogue (resources: readonly ResourceDocument[], next?: string): JsonLd {
  return {
    '@context': CONTEXT,
    '@id': 'urn:mianzheng:catalogue',
    '@type': 'dcat:Catalog',
    'dcterms:title': chinese('政务数据目录'),
    'dcat:dataset': resources.flatMap(dataset),
    ...(next === undefined ? {} : { 'dcterms:relation': { '@id': next, 'dcterms:title': chinese('下一页') } })
  }
}

function dataset ({ id, provider, providerName, published, madeAt }: ResourceDocument): JsonLd[] {
  if (published === undefined) return []
  const { resource, at } = published
  const { title, summary, items, legalBasis, region, updateCycle, sharing, ways, classification, contact } = resource
  return [{
    '@id': urn(id),
    '@type': 'dcat:Dataset',
    'dcterms:identifier': id,
    'dcterms:title': chinese(title),
    'dcterms:description': chinese(summary),
    'dcterms:publisher': { '@id': `urn:uscc:${provider}`, '@type': 'foaf:Organization', 'foaf:name': providerName, 'dcterms:identifier': provider },
    'dcterms:issued': instant(madeAt),
    'dcterms:modified': instant(at),
    'dcterms:accrualPeriodicity': { '@id': FREQUENCY + CYCLES[updateCycle] },
    'dcterms:accessRights': { '@id': ACCESS_RIGHT + (sharing.class === 'not-shared' ? 'NON_PUBLIC' : 'RESTRICTED') },
    'dcterms:rights': { '@type': 'dcterms:RightsStatement', 'skos:prefLabel': chinese(terms(sharing)) },
    'dcterms:spatial': { '@type': 'dcterms:Location', 'dcterms:identifier': region },
    'dcterms:conformsTo': { '@type': 'dcterms:Standard', 'dcterms:title': chinese(legalBasis) },
    'dcat:theme': { '@id': `urn:mianzheng:classification:${encodeURIComponent(classification)}`, '@type': 'skos:Concept', 'skos:notation': classification },
    'dcat:keyword': items.map(({ name, title = name }) => chinese(title)),
    ...(contact === undefined ? {} : { 'dcat:contactPoint': { '@type': 'vcard:Organization', 'vcard:fn': contact } }),
    'dcat:distribution': ways.map(way => ({ '@id': `${urn(id)}#${way}`, '@type': 'dcat:Distribution', 'dcterms:title': chinese(WAYS[way]), 'dcterms:accessRights': { '@id': `${ACCESS_RIGHT}RESTRICTED` } }))
  }]
}

function terms ({ class: sharing, conditions, refusal }: Resource['sharing']): string {
  return [SHARING[sharing], conditions, refusal?.article, refusal?.reviewOn].filter(part => part !== undefined).join('；')
}

function urn (id: string): string { return `urn:mianzheng:resource:${id}` }
function chinese (value: string): JsonLd { return { '@value': value, '@language': 'zh' } }
function instant (value: string): JsonLd { return { '@value': value, '@type': 'xsd:dateTime' } }
