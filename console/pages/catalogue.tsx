import type { ResourceAnswer } from '../../schemas/http/resource-answer.v1.js'
import type { ResourceList } from '../../schemas/http/resource-list.v1.js'
import { href } from '../hrefs.js'
import type { NameOf } from '../names.js'
import { chinaTime } from '../times.js'
import { say, type WordKey } from '../words/index.js'
import { Page, type Frame } from './layout.js'
import { Facts, Id, Label, Mark, T } from './text.js'

/** Who holds what, found by Chinese words. Not allowed and not there are told apart. */
export function CataloguePage ({ items, total, next, q, ...frame }: Frame & { items: ResourceList['items'], total?: number, next?: string, q: string }) {
  return (
    <Page {...frame} title={q === '' ? say('catalogue.title', 'zh') : `${q} · ${say('catalogue.title', 'zh')}`}>
      <h1><T k='catalogue.title' /></h1>
      <form class='card' method='get' action={href.catalogue} role='search'>
        <Label of='q' k='catalogue.search' />
        <div class='row'><input id='q' name='q' value={q} maxLength={100} autocomplete='off' /><button type='submit'><T k='catalogue.find' /></button></div>
      </form>
      {items.length === 0
        ? <p><T k='catalogue.none' /></p>
        : (
          <ul class='tasks'>
            {items.map(({ resourceId, title, summary, providerName, sharing, updateCycle }) => (
              <li key={resourceId} class='task'>
                <div>
                  <a href={href.resource(resourceId)}>{title}</a> · {providerName}
                  <p>{summary}</p>
                  <p class='muted'><T k={`sharing.${sharing}` as WordKey} /> · <T k={`cycle.${updateCycle}` as WordKey} /></p>
                </div>
              </li>
            ))}
          </ul>
          )}
      {items.length > 0 && <p class='muted'>{next === undefined ? <T k='app.all' count={total ?? items.length} /> : <T k='app.some' count={items.length} />}</p>}
      {next !== undefined && <p class='no-print'><a class='button quiet' href={href.catalogueAfter(q, next)}><T k='app.next' /></a></p>}
    </Page>
  )
}

export function ResourcePage ({ answer: { resourceId, standing, resource, draft }, divisionName, ...frame }: Frame & { answer: ResourceAnswer, divisionName: NameOf }) {
  const shown = resource ?? draft?.resource
  if (shown === undefined) return null
  const { sharing, items } = shown
  return (
    <Page {...frame} title={`${shown.title} · ${standing.providerName}`}>
      <p class='no-print'><a href={href.catalogue}><T k='catalogue.title' /></a></p>
      <h1>{shown.title}</h1>
      <p class='lead'>{shown.summary}</p>
      {standing.state !== 'published' && <p role='status'><Mark tone='pending' sign='!' /> <T k={`resource.${standing.state}` as WordKey} /></p>}
      {draft?.returned !== undefined && <p><Mark tone='bad' /> <T k='resource.returned' />：{draft.returned.why}</p>}
      <Facts rows={[
        ['duty.provider', standing.providerName],
        ['resource.sharing', <span key='s'><T k={`sharing.${sharing.class}` as WordKey} />{sharing.conditions !== undefined && `：${sharing.conditions}`}{sharing.refusal?.article !== undefined && ` · ${sharing.refusal.article}`}{sharing.refusal?.reviewOn !== undefined && <> · <T k='request.reviewOn' /> {sharing.refusal.reviewOn}</>}</span>],
        ['resource.region', divisionName(shown.region)],
        ['duty.cycle', <T key='c' k={`cycle.${shown.updateCycle}` as WordKey} />],
        ['request.basis', shown.legalBasis],
        ['resource.changed', chinaTime(standing.changedAt)]
      ]}
      />
      <h2><T k='resource.items' />（{items.length}）</h2>
      <div class='table-box' tabIndex={0} role='region' aria-label={say('resource.items', 'zh')}>
        <table>
          <thead><tr><th scope='col'><T k='resource.item' /></th><th scope='col'><T k='resource.type' /></th><th scope='col'><T k='resource.about' /></th></tr></thead>
          <tbody>{items.map(({ name, title, type, personal, description }) => <tr key={name}><td>{title ?? name}</td><td><T k={`type.${type}` as WordKey} /></td><td>{personal === true && <><T k='resource.personal' /> </>}{description}</td></tr>)}</tbody>
        </table>
      </div>
      <details>
        <summary><T k='app.details' /></summary>
        <Facts rows={[['resource.id', <Id key='i'>{resourceId}</Id>]]} />
      </details>
    </Page>
  )
}
