import type { ComponentChildren, VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { href } from '../hrefs.js'
import { maskName } from '../masking.js'
import type { SignedIn } from '../sessions.js'
import { chinaTime } from '../times.js'
import { say, type WordKey } from '../words/index.js'
import { T } from './text.js'

/** What every page knows of whoever looks at it. */
export interface Viewer { who: SignedIn, scopes: readonly string[], formToken: string }

/** What every page is made with. */
export interface Frame {
  viewer?: Viewer
  /** Address of this page, without what no address may hold. */
  path: string
  now: string
  assets: { css: string, js: string, icon: string }
  print?: boolean
}

interface Section { k: WordKey, to: string, needs: readonly string[] }
/** What stands in the head of a page, and who sees it. */
export const SECTIONS: Section[] = [
  { k: 'nav.home', to: href.home, needs: [] },
  { k: 'nav.verify', to: href.verify, needs: ['verifications:write'] },
  { k: 'nav.cases', to: href.cases, needs: ['exemptions:write'] },
  { k: 'nav.duties', to: href.duties, needs: ['catalogue:read'] },
  { k: 'nav.corrections', to: href.corrections, needs: ['demands:decide', 'catalogue:review'] },
  { k: 'nav.catalogue', to: href.catalogue, needs: ['catalogue:read'] },
  { k: 'nav.quarantine', to: href.quarantine, needs: ['quarantine:read', 'quarantine:manage'] }
]

export function holds (viewer: Viewer | undefined, needs: readonly string[]): boolean {
  return viewer !== undefined && (needs.length === 0 || needs.some(scope => viewer.scopes.includes(scope)))
}

/** The hidden member that shows that a form is ours; first in every form. */
export function FormToken ({ viewer }: { viewer: Viewer | undefined }) {
  return viewer === undefined ? null : <input type='hidden' name='formToken' value={viewer.formToken} />
}

interface PageProps extends Frame { title: string, children: ComponentChildren, wide?: boolean, refreshes?: boolean }

export function Page ({ viewer, path, now, assets, print, title, children, refreshes = false }: PageProps) {
  const scans = holds(viewer, ['verifications:write'])
  return (
    <html lang='zh-CN'>
      <head>
        <meta charset='utf-8' />
        <title>{`${title} · ${say('app.name', 'zh')}`}</title>
        <meta name='viewport' content='width=device-width, initial-scale=1' />
        <link rel='icon' href={assets.icon} type='image/svg+xml' />
        <link rel='stylesheet' href={assets.css} />
        <script type='module' src={assets.js} />
      </head>
      <body data-print={print === true ? '' : undefined} data-refreshes={refreshes ? '' : undefined} data-scan={scans ? '' : undefined}>
        <a class='skip' href='#main'><T k='app.skip' /></a>
        <header class='top no-print'>
          <div class='top-in'>
            <a class='brand' href={href.home}>{say('app.name', 'zh')} <span lang='en'>{say('app.name', 'en')}</span></a>
            {viewer !== undefined && (
              <nav aria-label={say('nav.label', 'zh')}>
                <ul>
                  {SECTIONS.filter(({ needs }) => holds(viewer, needs)).map(({ k, to }) => (
                    <li key={k}><a href={to} aria-current={isWithin(path, to) ? 'page' : undefined}>{say(k, 'zh')} <span lang='en'>{say(k, 'en')}</span></a></li>
                  ))}
                </ul>
              </nav>
            )}
            {scans && (
              <form class='scan' method='post' action={href.verify} role='search'>
                <FormToken viewer={viewer} />
                <label class='hidden' for='scan'><T k='app.scan' /></label>
                <input id='scan' name='licenceId' autocomplete='off' spellcheck={false} maxLength={200} placeholder={say('app.scan', 'zh')} />
                <button type='submit'>{say('nav.verify', 'zh')}<span class='hidden' lang='en'> {say('nav.verify', 'en')}</span></button>
              </form>
            )}
            {viewer !== undefined && (
              <div class='who'>
                <a href={href.me}><span class='hidden'>{say('app.signedInAs', 'zh')}</span>{maskName(viewer.who.person.name)} {viewer.who.organisationName}</a>
                <form method='post' action={href.signout}><FormToken viewer={viewer} /><button type='submit' class='plain'>{say('nav.signout', 'zh')} <span lang='en'>{say('nav.signout', 'en')}</span></button></form>
              </div>
            )}
          </div>
        </header>
        <main id='main' tabIndex={-1}>{children}</main>
        <footer class='print-only'>
          <p>{say('app.name', 'zh')} · {path}</p>
          {viewer !== undefined && <p>{say('app.printedBy', 'zh', { name: `${maskName(viewer.who.person.name)}（${viewer.who.organisationName}）`, at: chinaTime(now) })}</p>}
        </footer>
      </body>
    </html>
  )
}

function isWithin (path: string, to: string): boolean {
  return to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`) || (to === href.verify && /^\/verdict/.test(path))
}

/** A way to print this page: by script where there is one, and the keys that always work. */
export function PrintHere ({ k = 'app.print' }: { k?: WordKey }) {
  return <p class='no-print print-here'><button type='button' data-print-button hidden><T k={k} /></button> <T k='app.printHint' /></p>
}

// What a reader cannot see, or what turns the direction of writing: shown by number, wherever it came from.
// eslint-disable-next-line no-control-regex, no-misleading-character-class -- characters that act are what it looks for
const ACTING = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffc]/g

/** The page as text. Foreign text was escaped on its way in; here characters that act instead of showing are made visible. */
export function render (page: VNode): string {
  return `<!doctype html>\n${renderToString(page as Parameters<typeof renderToString>[0]).replace(ACTING, character => `⟨U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`)}\n`
}
