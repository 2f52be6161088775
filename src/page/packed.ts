/** The text that orch packed into the element `id`: Base64 of gzip of UTF-8. It is never markup, whatever it says. */
export async function unpack(id: string): Promise<string> {
  const binary = atob(element(id).textContent);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
}

export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`this page has no ${id}`);
  return found;
}
