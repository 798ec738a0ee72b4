/**
 * Light or dark: what the system says, until the button says otherwise. Loaded before the page is painted, so that
 * nothing flashes; the colours themselves are in base.css.
 */
const STORED = 'dialback.theme'
const root = document.documentElement
const system = matchMedia('(prefers-color-scheme: dark)')

function stored() {
  try {
    return localStorage.getItem(STORED)
  } catch {
    return null
  }
}

function show(chosen) {
  if (chosen === 'light' || chosen === 'dark') root.dataset.theme = chosen
  else delete root.dataset.theme
}

function isDark() {
  return (root.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark'
}

/** The other one. What is the system's own is not kept: the page goes with the system again. */
function turn() {
  const wanted = isDark() ? 'light' : 'dark'
  const own = (wanted === 'dark') === system.matches
  show(own ? undefined : wanted)
  try {
    if (own) localStorage.removeItem(STORED)
    else localStorage.setItem(STORED, wanted)
  } catch {
    // A browser that keeps nothing goes with the system next time.
  }
}

show(stored())
document.addEventListener('DOMContentLoaded', () => {
  const button = document.getElementById('theme')
  const tell = () => button.setAttribute('aria-pressed', String(isDark()))
  button.addEventListener('click', () => {
    turn()
    tell()
  })
  system.addEventListener('change', tell)
  // Two pages side by side look alike.
  addEventListener('storage', ({ key, newValue }) => {
    if (key !== STORED) return
    show(newValue)
    tell()
  })
  tell()
})
