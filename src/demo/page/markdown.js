/**
 * The Markdown that chats allow in messages and cards: bold, italic, code, links, line breaks. Everything else
 * is text. Whatever comes in, only these few tags come out.
 */
export function markdownToHtml(text) {
  const kept = []
  // What is finished is put aside as one private character, so that later rules do not touch it.
  const keep = (html) => {
    kept.push(html)
    return String.fromCodePoint(0xf0000 + kept.length - 1)
  }
  const html = escape(text.replace(/[\u{f0000}-\u{ffffd}]/gu, ''))
    .replace(/\\([\\`*_{}[\]()#+.!~-])/g, (_, mark) => keep(mark))
    .replace(/`([^`\n]+)`/g, (_, code) => keep(`<code>${code}</code>`))
    .replace(/\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)/g, (_, name, url) => keep(link(url, name)))
    .replace(/\*\*(\S(?:[^\n]*?\S)?)\*\*/g, '<strong>$1</strong>')
    .replace(/(?<![\p{L}\p{N}_])_(\S(?:[^\n]*?\S)?)_(?![\p{L}\p{N}_])/gu, '<em>$1</em>')
    .replace(/\r?\n/g, '<br>')
  return restore(html, kept)
}

function restore(html, kept) {
  return html.replace(/[\u{f0000}-\u{ffffd}]/gu, (mark) =>
    restore(kept[mark.codePointAt(0) - 0xf0000] ?? '', kept),
  )
}

function link(url, name) {
  return `<a href="${url}" target="_blank" rel="noopener noreferrer">${name}</a>`
}

function escape(text) {
  const names = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
  return text.replace(/[&<>"']/g, (mark) => names[mark])
}
