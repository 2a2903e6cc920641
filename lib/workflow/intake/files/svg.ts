import type { MetadataTexts } from './metadata-texts.ts';

/** The JSON that ComfyUI puts into an SVG's `metadata`. Source: `SaveSVGNode` in ComfyUI's `nodes_images.py`. */
export function readSvg(text: string, texts: MetadataTexts): void {
  const metadata = text.indexOf('<metadata');
  const start = metadata < 0 ? -1 : text.indexOf('<![CDATA[', metadata);
  const end = start < 0 ? -1 : text.indexOf(']]>', start);
  if (end >= 0) texts.add('metadata', text.slice(start + '<![CDATA['.length, end));
}
