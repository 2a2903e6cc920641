/** What a key does in the list: `j`/`k` move between rows, `r`/`c` act on the row, `/` goes to the search. */
export function listKey(key: string, rows: HTMLElement | null): boolean {
  if (key === '/') {
    document.getElementById('job-search')?.focus();
    return true;
  }
  if (!rows) return false;
  const links = [...rows.querySelectorAll<HTMLElement>('[data-job-link]')];
  const here = links.findIndex((link) => link.closest('li')?.contains(document.activeElement));
  if (key === 'j' || key === 'k') {
    const next = links[here === -1 ? 0 : here + (key === 'j' ? 1 : -1)];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
    return next !== undefined;
  }
  const verb = key === 'r' ? 'retry' : key === 'c' ? 'cancel' : undefined;
  const row = links[here]?.closest('li');
  const button = verb && row?.querySelector<HTMLButtonElement>(`[data-action="${verb}"]:enabled`);
  button?.click();
  return button instanceof HTMLButtonElement;
}
