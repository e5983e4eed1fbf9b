// Makes pages quicker to use; everything works without it.
const drop = document.querySelector('form[data-drop]')
const { body } = document

/** Sends at once what was chosen, dropped or pasted. */
function send (form) {
  const input = form.querySelector('input[type=file]')
  if (input.files.length === 0) return
  const status = form.querySelector('[data-sending]')
  status.textContent = `${status.dataset.words} ${Array.from(input.files, file => file.name).join('、')}`
  form.requestSubmit()
}

if (drop !== null) {
  const input = drop.querySelector('input[type=file]')
  const take = files => {
    if (files.length === 0) return
    input.files = files
    send(drop)
  }
  input.addEventListener('change', () => { send(drop) })
  document.addEventListener('dragover', event => { event.preventDefault(); drop.classList.add('over') })
  document.addEventListener('dragleave', () => { drop.classList.remove('over') })
  document.addEventListener('drop', event => {
    event.preventDefault()
    drop.classList.remove('over')
    take(event.dataTransfer.files)
  })
  document.addEventListener('paste', event => { take(event.clipboardData.files) })
}

// Scan guns type: the first character outside a field goes to the scan field.
const scan = document.getElementById('scan')
if (scan !== null && 'scan' in body.dataset) {
  document.addEventListener('keydown', event => {
    const within = event.target instanceof window.Element && event.target.closest('input, textarea, select, button, a, summary, [contenteditable]')
    if (!within && event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.altKey && !event.metaKey) scan.focus()
  })
}

// A page that waits for something asks again; leaving is safe.
if ('refreshes' in body.dataset) setTimeout(() => { window.location.reload() }, 2000)

// What is folded on the screen is not folded on paper.
let folded = []
window.addEventListener('beforeprint', () => {
  folded = [...document.querySelectorAll('details:not([open])')]
  for (const details of folded) details.open = true
})
window.addEventListener('afterprint', () => { for (const details of folded) details.open = false })

for (const button of document.querySelectorAll('[data-print-button]')) {
  button.hidden = false
  button.addEventListener('click', () => { window.print() })
}

// A ticket works once, and has no business in the address bar or the history.
if (window.location.search.includes('ticket=')) window.history.replaceState(null, '', window.location.pathname)

const focus = document.querySelector('[data-focus]')
if (focus !== null) focus.focus()
