import { element } from './element.js'
import { say } from './words.js'

/** What stands in the place of the phones where the PBX is a real one: who one is, which phone rings, what if it does not. */
export function createOwnPbx() {
  const panel = document.getElementById('own-pbx')
  const you = document.getElementById('own-pbx-you')
  const help = document.getElementById('own-pbx-help')
  let world

  function draw() {
    if (!world) return
    const { me, people, phones } = world
    panel.hidden = phones !== undefined
    const person = people.find(({ id }) => id === me)
    const name = element('strong', { dir: 'auto' }, person?.name ?? '')
    const desk = element('strong', {}, person?.desk ?? '')
    you.replaceChildren(
      ...(person
        ? around(person.desk ? 'ownPbxYou' : 'ownPbxNoPhone', { name, desk })
        : [say('ownPbxNobody')]),
    )
    const command = element('code', {}, `npm run dialback -- doctor --call ${person?.desk ?? '1001'}`)
    help.replaceChildren(...around('ownPbxHelp', { command }))
  }

  return {
    snapshot(told) {
      world = told
      draw()
    },
    reword: draw,
  }
}

/** A sentence of the page with elements in the place of its `{names}`. */
function around(key, parts) {
  const marks = Object.fromEntries(Object.keys(parts).map((name) => [name, `{${name}}`]))
  return say(key, marks)
    .split(/(\{\w+\})/)
    .map((piece) => parts[piece.slice(1, -1)] ?? piece)
}
