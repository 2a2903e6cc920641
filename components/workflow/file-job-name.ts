/** Longest name that the API takes. */
const MAX_NAME = 200;
/** What a browser or a disk adds to a name that there is already: ` (1)`, ` - Copy`. */
const COPY = /(?: ?\(\d+\)| - copy)$/i;
/** What ComfyUI's save nodes add: `portrait_00012_.png`. */
const COUNTER = /_\d{5,}_?$/;
/** Names that programs give by themselves. */
const SAYS_NOTHING =
  /^(comfyui|(unsaved |untitled )?workflow([ _-]?api)?|untitled|prompt|api|image|picture|video|download)?$/i;

/** What to call a job by the file that its workflow came in; undefined where that says nothing of it. */
export function jobNameOfFile(file: string): string | undefined {
  let name = file.replace(/\.[a-z0-9]{1,12}$/i, '').trim();
  for (const added of [COPY, COUNTER]) name = name.replace(added, '').trim();
  return SAYS_NOTHING.test(name) ? undefined : name.slice(0, MAX_NAME);
}
