/* Made from dcat-catalogue.v1.json by npm run generate. */

/**
 * A page of the published catalogue: W3C DCAT 3 in JSON-LD.
 */
export interface DcatCatalogue {
  '@context': {
    [k: string]: string
  }
  '@id': string
  '@type': 'dcat:Catalog'
  'dcterms:title': {
    '@value': string
    '@language': 'zh'
  }
  'dcterms:relation'?: {
    '@id': string
    [k: string]: unknown
  }
  /**
   * @minItems 0
   * @maxItems 100
   */
  'dcat:dataset': {
    '@id': string
    '@type': 'dcat:Dataset'
    'dcterms:identifier': string
    'dcterms:title': {
      '@value': string
      '@language': 'zh'
    }
    'dcterms:description': {
      '@value': string
      '@language': 'zh'
    }
    'dcterms:publisher': {
      '@id': string
      '@type': 'foaf:Organization'
      'foaf:name': string
      'dcterms:identifier': string
    }
    'dcterms:issued': {
      '@value': string
      '@type': 'xsd:dateTime'
    }
    'dcterms:modified': {
      '@value': string
      '@type': 'xsd:dateTime'
    }
    'dcterms:accrualPeriodicity': {
      '@id': string
      [k: string]: unknown
    }
    'dcterms:accessRights': {
      '@id': string
      [k: string]: unknown
    }
    'dcterms:rights': {
      '@type': string
      [k: string]: unknown
    }
    'dcterms:spatial': {
      '@type': string
      [k: string]: unknown
    }
    'dcterms:conformsTo': {
      '@type': string
      [k: string]: unknown
    }
    'dcat:theme': {
      '@id': string
      [k: string]: unknown
    }
    /**
     * @minItems 0
     * @maxItems 300
     */
    'dcat:keyword': {
      '@value': string
      '@language': 'zh'
    }[]
    'dcat:contactPoint'?: {
      '@type': string
      [k: string]: unknown
    }
    /**
     * @minItems 0
     * @maxItems 3
     */
    'dcat:distribution': {
      '@id': string
      [k: string]: unknown
    }[]
  }[]
}
