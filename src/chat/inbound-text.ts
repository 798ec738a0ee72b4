/** Text as people typed it, out of what a channel makes of it. */

/**
 * Takes the markup of a rich-text composer away (`<p>call Bob</p>`, `<at>Bob</at>`): only tags that Teams itself
 * writes, so that anything else a person types stays what they typed.
 */
export function plainText(text: string): string {
  if (!text.includes('<')) return text
  return text
    .replace(/<br\s*\/?>|<\/(?:p|div)>/gi, '\n')
    .replace(/<\/?(?:p|div|span|at|b|strong|i|em|u)(?:\s[^<>]{0,200})?>/gi, '')
}
