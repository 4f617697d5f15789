/** A tag as it was read, with its attributes, unescaped. */
export interface Tag { readonly name: string; readonly attributes: Readonly<Record<string, string>>; text: string; readonly children: Tag[] }

/** Reads markup strictly, for tests: every tag closed in order, every attribute quoted and given once, every `<` and `&` escaped. Throws where it is not so. `voids`: names that need no end; `raw`: names whose text is not markup. */
export function readMarkup(source: string, { voids = [], raw = [] }: { readonly voids?: readonly string[]; readonly raw?: readonly string[] } = {}): Tag {
  const top: Tag = { name: '', attributes: {}, text: '', children: [] };
  const open = [top];
  let at = 0;
  const fail = (why: string): never => { throw new Error(`${why} at ${at}: ${source.slice(Math.max(0, at - 60), at + 60)}`); };
  while (at < source.length) {
    const inside = open.at(-1) as Tag;
    if (source[at] !== '<') {
      const end = source.indexOf('<', at);
      const text = source.slice(at, end < 0 ? source.length : end);
      inside.text += unescape(text, fail);
      at += text.length;
      continue;
    }
    const declaration = /^<(\?xml[^>]*\?|!DOCTYPE html)>/.exec(source.slice(at, at + 100));
    if (declaration) { at += declaration[0].length; continue; }
    const end = /^<\/([a-zA-Z][\w-]*)>/.exec(source.slice(at, at + 60));
    if (end) {
      if (inside.name !== end[1]) fail(`</${end[1]}> closes <${inside.name}>`);
      open.pop();
      at += end[0].length;
      continue;
    }
    const start = /^<([a-zA-Z][\w-]*)((?:\s+[a-zA-Z][\w:-]*(?:="[^"<]*")?)*)\s*(\/?)>/.exec(source.slice(at, at + 20_000)) ?? fail('not a tag');
    const tag: Tag = { name: start[1] ?? '', attributes: readAttributes(start[2] ?? '', fail), text: '', children: [] };
    inside.children.push(tag);
    at += start[0].length;
    if (start[3] === '/' || voids.includes(tag.name)) continue;
    if (raw.includes(tag.name)) {
      const close = source.indexOf(`</${tag.name}>`, at);
      if (close < 0) fail(`<${tag.name}> is never closed`);
      tag.text = source.slice(at, close);
      at = close + tag.name.length + 3;
    } else open.push(tag);
  }
  if (open.length !== 1) fail(`<${open.at(-1)?.name}> is never closed`);
  return top;
}

/** Every tag below one, itself first. */
export function allTags(tag: Tag): Tag[] {
  return [tag, ...tag.children.flatMap(allTags)];
}

function readAttributes(text: string, fail: (why: string) => never): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(/([a-zA-Z][\w:-]*)(?:="([^"]*)")?/g)) {
    if (name in found) fail(`${name} is given twice`);
    found[name] = unescape(value, fail);
  }
  return found;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", apos: "'" };
function unescape(text: string, fail: (why: string) => never): string {
  return text.replace(/&([^;\s]{0,6};?)/g, (_, name: string) => entities[name.replace(/;$/, '')] ?? fail(`&${name} is no entity`));
}
