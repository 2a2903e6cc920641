/**
 * Text as jobs are searched by, the same in store, relay and page: whatever the case, in any script. `ß` meets `ss`,
 * `Σ` meets `ς`.
 */
export function searchText(text: string): string {
  return text.toUpperCase().normalize('NFC');
}
