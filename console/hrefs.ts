/** Every address that a page links to is made here: no foreign text ever becomes one. */
const p = (text: string): string => encodeURIComponent(text)

export const href = {
  home: '/',
  verify: '/verify',
  verdict: (receiptId: string, print = false) => `/verdicts/${p(receiptId)}${print ? '?print=1' : ''}`,
  receipt: (receiptId: string) => `/verdicts/${p(receiptId)}/receipt`,
  verdictList: (id: string) => `/verdict-lists/${p(id)}`,
  quarantine: '/quarantine',
  quarantineCause: (cause: string, after?: string) => `/quarantine?cause=${p(cause)}${after === undefined ? '' : `&after=${p(after)}`}`,
  quarantineAfter: (after: string) => `/quarantine?after=${p(after)}`,
  quarantineReplay: (cause: string) => `/quarantine/replay?cause=${p(cause)}`,
  quarantineEntry: (id: string) => `/quarantine/${p(id)}`,
  catalogue: '/catalogue',
  catalogueAfter: (q: string, after: string) => `/catalogue?${q === '' ? '' : `q=${p(q)}&`}after=${p(after)}`,
  resource: (resourceId: string) => `/catalogue/${p(resourceId)}`,
  duties: '/duties',
  dutiesToDo: '/duties?show=todo',
  dutiesAfter: (after: string, toDo: boolean) => `/duties?${toDo ? 'show=todo&' : ''}after=${p(after)}`,
  duty: (itemId: string) => `/duties/${p(itemId)}`,
  request: (demandId: string) => `/requests/${p(demandId)}`,
  cases: '/cases',
  casesAfter: (after: string) => `/cases?after=${p(after)}`,
  caseNew: '/cases/new',
  caseNewOf: (matterId: string) => `/cases/new?matter=${p(matterId)}`,
  case: (caseId: string, materialId?: string) => `/cases/${p(caseId)}${materialId === undefined ? '' : `#m-${p(materialId)}`}`,
  notice: (caseId: string) => `/cases/${p(caseId)}/notice`,
  caseMaterial: (caseId: string, materialId: string, act: string) => `/cases/${p(caseId)}/materials/${p(materialId)}/${p(act)}`,
  help: (code: string) => `/help/${p(code)}`,
  me: '/me',
  signin: '/signin',
  signout: '/signout'
}
