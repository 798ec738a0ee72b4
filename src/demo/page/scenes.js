import { element, write } from './element.js'
import { say } from './words.js'

/**
 * The menu of what can go otherwise than well, and a sentence of what to try and what is then seen. What is chosen is
 * told by the server, and holds for every open page.
 * @param {{ choose(scene: string): boolean }} actions
 */
export function createScenes(actions) {
  const holder = document.getElementById('scenes')
  const hint = document.getElementById('scene')
  let now

  const name = element('span')
  const menu = element('select', {
    'data-testid': 'scene',
    'aria-describedby': 'scene-hint',
    onchange: () => {
      // Without the server nothing has been chosen.
      if (!actions.choose(menu.value)) menu.value = now
    },
  })
  const text = element('p', { id: 'scene-hint', 'data-testid': 'scene-hint', role: 'status' })
  const undo = element('button.undo', {
    type: 'button',
    'data-testid': 'scene-works',
    onclick: () => {
      actions.choose('works')
      menu.focus()
    },
  })
  holder.append(element('label.field', {}, name, menu))
  hint.append(text, undo)

  function draw() {
    holder.hidden = now === undefined
    if (now === undefined) return
    write(name, say('scenes.title'))
    const scenes = Object.entries(say('scenes.all'))
    menu.replaceChildren(
      ...scenes.map(([id, words]) => element('option', { value: id, selected: id === now }, words.name)),
    )
    hint.classList.toggle('works', now === 'works')
    hint.dataset.scene = now
    write(text, say(`scenes.all.${now}.hint`) ?? '')
    write(undo, say('scenes.undo'))
    undo.hidden = now === 'works'
  }

  return {
    snapshot({ scene }) {
      now = scene
      draw()
    },
    scene(chosen) {
      now = chosen
      draw()
    },
    reword: draw,
  }
}
